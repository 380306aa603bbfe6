CREATE TYPE "genre" AS ENUM('novel', 'poetry');--> statement-breakpoint
CREATE TABLE "book" (
	"id" uuid PRIMARY KEY,
	"title" text NOT NULL UNIQUE,
	"pages" integer NOT NULL,
	"weight_kg" double precision NOT NULL,
	"price" numeric(10, 2) NOT NULL,
	"barcode" bigint NOT NULL,
	"printed" date NOT NULL,
	"read_aloud_at" time NOT NULL,
	"on_shelf" boolean DEFAULT true NOT NULL,
	"authors" text[] NOT NULL,
	"genre" "genre" NOT NULL,
	"themes" "genre"[] NOT NULL,
	"details" jsonb,
	"cover" bytea,
	"added_at" timestamp with time zone NOT NULL
);--> statement-breakpoint
CREATE TABLE "loan" (
	"id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	"book_id" uuid NOT NULL REFERENCES "book",
	"member" text NOT NULL CHECK ("member" <> ''),
	"lent_at" timestamp with time zone NOT NULL,
	"returned_at" timestamp with time zone
);
