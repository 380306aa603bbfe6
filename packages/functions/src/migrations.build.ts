// The migrations as a part of the migrate function's bundle, because their folder does not exist on Lambda. The bundler runs
// this module and bundles its result (bundle.ts).
import { readMigrations } from "@notejam/core/administration/migrate";

export const migrations = readMigrations(new URL("../../core/migrations/", import.meta.url));
