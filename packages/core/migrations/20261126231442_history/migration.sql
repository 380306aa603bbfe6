CREATE TABLE "purged" (
	"user_id" uuid,
	"kind" text,
	"id" uuid,
	"purged_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "purged_pkey" PRIMARY KEY("user_id","kind","id")
);
--> statement-breakpoint
-- "concurrently" can't run in the migrator's transaction. These indexes of some million rows take seconds, for which saves wait.
-- No code has used this one.
-- squawk-ignore require-concurrent-index-deletion
DROP INDEX "revision_time";--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "measured_at" timestamp(3) with time zone DEFAULT '1970-01-01' NOT NULL;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "device" text;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "digest" bytea;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "link" bytea;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "words_added" integer;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "words_removed" integer;--> statement-breakpoint
ALTER TABLE "pad" ADD COLUMN "device" text;--> statement-breakpoint
ALTER TABLE "pad" ADD COLUMN "digest" bytea;--> statement-breakpoint
ALTER TABLE "pad" ADD COLUMN "link" bytea;--> statement-breakpoint
ALTER TABLE "pad" ADD COLUMN "purged_at" timestamp(3) with time zone;--> statement-breakpoint
ALTER TABLE "pad_revision" ADD COLUMN "device" text;--> statement-breakpoint
ALTER TABLE "pad_revision" ADD COLUMN "digest" bytea;--> statement-breakpoint
ALTER TABLE "pad_revision" ADD COLUMN "link" bytea;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "device" text;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "digest" bytea;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "link" bytea;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "words_added" integer;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "words_removed" integer;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "due_at" timestamp(3) with time zone DEFAULT now() + interval '1 hour';--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "thinned_at" timestamp(3) with time zone;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "account_measured" ON "account" ("measured_at");--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "note_deletion" ON "note" ("deleted_at") WHERE "deleted_at" is not null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "pad_deletion" ON "pad" ("deleted_at") WHERE "deleted_at" is not null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "revision_at" ON "revision" ("user_id","note_id","changed_at") WHERE "thinned_at" is null or "deleted_at" is not null;--> statement-breakpoint
-- squawk-ignore require-concurrent-index-creation
CREATE INDEX "revision_due" ON "revision" ("due_at") WHERE "due_at" is not null;--> statement-breakpoint
-- Accounts are few, and the column is new.
-- squawk-ignore constraint-missing-not-valid
ALTER TABLE "account" ADD CONSTRAINT "account_bytes" CHECK ("bytes" >= 0);