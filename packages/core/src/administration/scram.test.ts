// The verifier is the one that PostgreSQL itself makes of the same password and salt.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { rows, startDatabase } from "../../test/database.ts";
import { scramVerifier } from "./scram.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

test.each(["correct horse battery", "~!@#$%^&*()_+`-=[]{}|;:,.<>?/\\'", "x".repeat(128)])(
  "the verifier of %s is PostgreSQL's",
  async (password) => {
    await rows(sql.raw(`create role made_by_postgresql password '${password.replaceAll("'", "''")}'`));
    const [role] = await rows<{ verifier: string }>(
      sql`select rolpassword verifier from pg_authid where rolname = 'made_by_postgresql'`,
    );
    await rows(sql`drop role made_by_postgresql`);
    const [, iterations, salt = ""] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(role?.verifier ?? "") ?? [];

    const own = scramVerifier(password, {
      salt: Buffer.from(salt, "base64"),
      iterations: Number(iterations),
    });

    expect(own).toBe(role?.verifier);
    expect(scramVerifier(password)).toMatch(/^SCRAM-SHA-256\$4096:[^$]{24}\$[^:]{44}:.{44}$/);
    expect(scramVerifier(password)).not.toBe(scramVerifier(password));
  },
);
