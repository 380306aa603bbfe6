-- The tables are small (a row for each session and each mailed link), so an index is made within a second. "concurrently" can't
-- run in the migrator's transaction.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "password_reset_expiry" ON "password_reset" ("expires_at");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "session_expiry" ON "session" ("expires_at");
