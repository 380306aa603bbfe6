-- The tables of devices and sessions are small, so writing each row an id of its own takes a second. The code before needs no id, and
-- rows that it writes get one.
-- squawk-ignore adding-field-with-default
ALTER TABLE "device" ADD COLUMN "id" uuid DEFAULT gen_random_uuid() NOT NULL;--> statement-breakpoint
ALTER TABLE "note" ADD COLUMN "device_id" uuid;--> statement-breakpoint
ALTER TABLE "pad" ADD COLUMN "device_id" uuid;--> statement-breakpoint
ALTER TABLE "pad_revision" ADD COLUMN "device_id" uuid;--> statement-breakpoint
ALTER TABLE "revision" ADD COLUMN "device_id" uuid;--> statement-breakpoint
-- squawk-ignore adding-field-with-default
ALTER TABLE "session" ADD COLUMN "device_id" uuid DEFAULT gen_random_uuid() NOT NULL;