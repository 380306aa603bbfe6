-- Before a first deployment the table is small. "concurrently" can't run in the migrator's transaction.
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "note_home" ON "note" ("user_id","pad_id");
