ALTER TABLE "note" ADD COLUMN "named" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "tags" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "links" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "pinned_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "archived_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "named" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "tags" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "links" jsonb DEFAULT '[]' NOT NULL;--> statement-breakpoint
-- "concurrently" can't run in the migrator's transaction. An index of a million notes takes some seconds, for which saves wait;
-- lists are read meanwhile, and the code before finds its columns in the index that replaces its own.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX "note_pad";--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "note_pad" ON "note" ("user_id","pad_id","updated_at","id","archived_at","pinned_at") WHERE "deleted_at" is null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "note_pinned" ON "note" ("user_id","updated_at","id") WHERE "deleted_at" is null and "pinned_at" is not null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "note_archived" ON "note" ("user_id","updated_at","id") WHERE "deleted_at" is null and "archived_at" is not null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "note_tagged" ON "note" ("user_id","updated_at","id") WHERE "deleted_at" is null and "tags" <> '[]'::jsonb;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "note_links" ON "note" USING gin ("links" jsonb_path_ops) WITH (fastupdate=false) WHERE "deleted_at" is null and "links" <> '[]'::jsonb;