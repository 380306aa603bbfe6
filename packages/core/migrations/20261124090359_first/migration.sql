CREATE TABLE "attempt" (
	"key" bytea,
	"slot" integer,
	"n" integer NOT NULL,
	"counted_by" uuid NOT NULL,
	CONSTRAINT "attempt_pkey" PRIMARY KEY("key","slot")
);
--> statement-breakpoint
CREATE TABLE "note" (
	"user_id" uuid,
	"id" uuid,
	"pad_id" uuid,
	"name" text NOT NULL,
	"text" text NOT NULL,
	"excerpt" text GENERATED ALWAYS AS (left("note"."text", 200)) STORED NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"create_hash" bytea NOT NULL,
	"save_hash" bytea,
	"created_at" timestamp(3) with time zone NOT NULL,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"changed_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone,
	CONSTRAINT "note_pkey" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "pad" (
	"user_id" uuid,
	"id" uuid,
	"name" text NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"save_hash" bytea,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"changed_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone,
	"create_hash" bytea NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "pad_pkey" PRIMARY KEY("user_id","id")
);
--> statement-breakpoint
CREATE TABLE "pad_revision" (
	"user_id" uuid,
	"pad_id" uuid,
	"name" text NOT NULL,
	"version" integer,
	"kind" text NOT NULL,
	"save_hash" bytea,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"changed_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone,
	CONSTRAINT "pad_revision_pkey" PRIMARY KEY("user_id","pad_id","version")
);
--> statement-breakpoint
CREATE TABLE "password_reset" (
	"token_hash" bytea PRIMARY KEY,
	"user_id" uuid NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL,
	"epoch" integer NOT NULL,
	"set_hash" text
);
--> statement-breakpoint
CREATE TABLE "revision" (
	"user_id" uuid,
	"note_id" uuid,
	"version" integer,
	"pad_id" uuid,
	"name" text NOT NULL,
	"text" text NOT NULL,
	"bytes" integer NOT NULL,
	"hash" bytea NOT NULL,
	"kind" text NOT NULL,
	"save_hash" bytea,
	"updated_at" timestamp(3) with time zone NOT NULL,
	"changed_at" timestamp(3) with time zone NOT NULL,
	"deleted_at" timestamp(3) with time zone,
	CONSTRAINT "revision_pkey" PRIMARY KEY("user_id","note_id","version")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" uuid PRIMARY KEY,
	"user_id" uuid NOT NULL,
	"token_hash" bytea NOT NULL UNIQUE,
	"epoch" integer NOT NULL,
	"device" text NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	"expires_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account" (
	"id" uuid PRIMARY KEY,
	"email" text NOT NULL UNIQUE,
	"password_hash" text NOT NULL,
	"epoch" integer DEFAULT 1 NOT NULL,
	"pads" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp(3) with time zone NOT NULL,
	CONSTRAINT "account_pads" CHECK ("pads" between 0 and 1000)
);
--> statement-breakpoint
CREATE INDEX "note_updated" ON "note" ("user_id","updated_at","id") WHERE "deleted_at" is null;--> statement-breakpoint
CREATE INDEX "note_name" ON "note" ("user_id","name" collate "und-x-icu","id") WHERE "deleted_at" is null;--> statement-breakpoint
CREATE INDEX "note_pad" ON "note" ("user_id","pad_id","updated_at","id") WHERE "deleted_at" is null;--> statement-breakpoint
CREATE INDEX "note_trash" ON "note" ("user_id","deleted_at","id") WHERE "deleted_at" is not null;--> statement-breakpoint
CREATE INDEX "pad_trash" ON "pad" ("user_id","deleted_at","id");--> statement-breakpoint
CREATE INDEX "pad_revision_time" ON "pad_revision" ("user_id","pad_id","changed_at");--> statement-breakpoint
CREATE INDEX "password_reset_user" ON "password_reset" ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "revision_time" ON "revision" ("user_id","note_id","changed_at");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" ("user_id","created_at");--> statement-breakpoint
ALTER TABLE "note" ADD CONSTRAINT "note_user_id_account_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "note" ADD CONSTRAINT "note_user_id_pad_id_pad_user_id_id_fkey" FOREIGN KEY ("user_id","pad_id") REFERENCES "pad"("user_id","id");--> statement-breakpoint
ALTER TABLE "pad" ADD CONSTRAINT "pad_user_id_account_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "pad_revision" ADD CONSTRAINT "pad_revision_user_id_pad_id_pad_user_id_id_fkey" FOREIGN KEY ("user_id","pad_id") REFERENCES "pad"("user_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "password_reset" ADD CONSTRAINT "password_reset_user_id_account_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account"("id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "revision" ADD CONSTRAINT "revision_user_id_note_id_note_user_id_id_fkey" FOREIGN KEY ("user_id","note_id") REFERENCES "note"("user_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_account_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account"("id") ON DELETE CASCADE;