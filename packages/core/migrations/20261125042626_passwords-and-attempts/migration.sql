ALTER TABLE "session" ADD COLUMN "replaced_hash" text;--> statement-breakpoint
-- Nothing deleted these rows before, and they count for an hour at most. Without them the index is made at once.
TRUNCATE "attempt";--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "attempt_slot" ON "attempt" ("slot");
