// How drizzle-kit makes migrations from the tables: `npm run migrations`.
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./src/*/*.sql.ts",
  out: "./migrations",
});
