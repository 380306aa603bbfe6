CREATE TABLE "written" (
	"user_id" uuid,
	"slot" integer,
	"hour" timestamp(3) with time zone NOT NULL,
	"bytes" bigint NOT NULL,
	"total" bigint NOT NULL,
	CONSTRAINT "written_pkey" PRIMARY KEY("user_id","slot")
);
--> statement-breakpoint
ALTER TABLE "account" ADD COLUMN "measured_written" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "written_hour" ON "written" ("hour");--> statement-breakpoint
ALTER TABLE "written" ADD CONSTRAINT "written_user_id_account_id_fkey" FOREIGN KEY ("user_id") REFERENCES "account"("id") ON DELETE CASCADE;