CREATE TYPE "genre" AS ENUM('novel', 'poetry');--> statement-breakpoint
CREATE TABLE "book" (
	"id" uuid PRIMARY KEY,
	"title" text NOT NULL UNIQUE,
	"pages" integer NOT NULL,
	"weight_kg" double precision NOT NULL,
	"price" numeric(10, 2) NOT NULL,
	"printed" date NOT NULL,
	"read_aloud_at" time NOT NULL,
	"on_shelf" boolean DEFAULT true NOT NULL,
	"authors" text[] NOT NULL,
	"details" jsonb,
	"genre" "genre",
	"added_at" timestamp DEFAULT now() NOT NULL
);--> statement-breakpoint
CREATE TABLE "loan" (
	"id" bigserial PRIMARY KEY,
	"book_id" uuid NOT NULL REFERENCES "book",
	"member" text NOT NULL CHECK ("member" <> ''),
	"lent_at" timestamp with time zone NOT NULL
);
