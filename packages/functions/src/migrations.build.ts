// The migrations that the migrate function carries with it. The bundler runs this module and puts its result in its
// place (bundle.ts): a Lambda has no folder to read.
import { readMigrations } from "@notejam/core/db/migrate";

export const migrations = readMigrations(new URL("../../core/migrations/", import.meta.url));
