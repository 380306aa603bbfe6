ALTER TABLE "purged" ADD COLUMN "pad_id" uuid;--> statement-breakpoint
ALTER TABLE "purged" ADD COLUMN "logged_at" timestamp(3) with time zone;