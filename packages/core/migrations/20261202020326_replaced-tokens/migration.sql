CREATE TABLE "replaced_token" (
	"session_id" uuid PRIMARY KEY,
	"token_hash" bytea NOT NULL UNIQUE,
	"expires_at" timestamp(3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "device" ADD COLUMN "epoch" integer;--> statement-breakpoint
ALTER TABLE "replaced_token" ADD CONSTRAINT "replaced_token_session_id_session_id_fkey" FOREIGN KEY ("session_id") REFERENCES "session"("id") ON DELETE CASCADE;