// Sessions and password reset links, through the Data API on PGlite. The functions' tests cover single requests through HTTP.
import type { DataApiServer } from "@notejam/data-api";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { FROM, newUser, PASSWORD, rows, startDatabase } from "../../test/database.ts";
import * as Account from "../account/index.ts";
import * as PasswordReset from "../password-reset/index.ts";
import * as Session from "./index.ts";

let server: DataApiServer;
beforeAll(async () => {
  server = await startDatabase(inject("migratedDatabase"));
});
afterAll(() => server?.close());

test("the viewer's session is in the list even if many are newer", async () => {
  const { viewer, userId } = await newUser();
  await rows(sql`insert into session (id, user_id, token_hash, epoch, device, created_at, expires_at)
    select gen_random_uuid(), ${userId}::uuid, uuid_send(gen_random_uuid()), 1, 'many', now() + interval '1 hour', now() + interval '2 hours'
    from generate_series(1, 250)`);

  const sessions = await Session.list(viewer);

  expect(sessions).toHaveLength(200);
  expect(sessions.filter((one) => one.current)).toHaveLength(1);
});

test("a used link is expired when the password that it set has been changed", async () => {
  const { email, viewer } = await newUser();
  const link = { token: (await PasswordReset.issue({ email })) ?? "", password: "from the link" };
  await Account.changePassword(viewer, { currentPassword: PASSWORD, newPassword: "between" }, FROM.device);
  const second = { token: (await PasswordReset.issue({ email })) ?? "", password: "from the second link" };
  await PasswordReset.redeem(second, FROM);
  await PasswordReset.redeem(second, FROM);
  await rows(sql`update account set password_hash = 'another' where email = ${email}`);

  await expect(PasswordReset.redeem(link, FROM)).rejects.toMatchObject({
    fields: { token: [{ code: "expired", message: expect.any(String) }] },
  });
  await expect(PasswordReset.redeem(second, FROM)).rejects.toMatchObject({
    fields: { token: [{ code: "expired", message: expect.any(String) }] },
  });
});

test("a repeated success is taken back like the first", async () => {
  const { email, viewer } = await newUser();
  const change = { currentPassword: PASSWORD, newPassword: "another password" };
  const link = { token: (await PasswordReset.issue({ email })) ?? "", password: "never used" };
  await rows(sql`delete from attempt`);

  await Account.changePassword(viewer, change, FROM.device);
  await Account.changePassword(viewer, change, FROM.device);
  await PasswordReset.redeem({ ...link, token: (await PasswordReset.issue({ email })) ?? "" }, FROM);

  expect(
    await rows(
      sql`select coalesce(max(n), 0)::int most from attempt where key <> sha256(convert_to('reset-mail-account' || chr(31) || ${email}, 'UTF8'))`,
    ),
  ).toEqual([{ most: 0 }]);
});
