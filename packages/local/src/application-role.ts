// The database role that the API, the mails and the jobs work as on this machine, and the secrets of it and of the owner.
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ApplicationRole } from "@notejam/core/administration/application-role";
import { StartFailure } from "./start-failure.ts";

/** The ARNs of the secrets. */
export const SECRET_ARNS = {
  owner: "arn:aws:secretsmanager:local:000000000000:secret:owner",
  application: "arn:aws:secretsmanager:local:000000000000:secret:application",
};

/** The role in the embedded database, which asks for no password. */
export function embeddedRole(): ApplicationRole {
  return { username: "notejam_app", password: newPassword() };
}

/** The file in a data directory that keeps the role in a PostgreSQL. */
const ROLE_FILE = "application-role.json";

/**
 * The role in a PostgreSQL, where roles belong to all its databases: each data directory has one of its own, so no two services
 * set one role's password in turns.
 * @throws StartFailure if the file can't be used
 */
export function roleOf(dataDir: string): ApplicationRole {
  const file = join(dataDir, ROLE_FILE);
  const made = { username: `notejam_app_${randomBytes(4).toString("hex")}`, password: newPassword() };
  try {
    writeFileSync(file, `${JSON.stringify(made)}\n`, { mode: 0o600, flag: "wx" });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return read(file);
    throw new StartFailure(`The file ${file} can't be written: ${(error as Error).message}.`);
  }
}

function read(file: string): ApplicationRole {
  try {
    const { username, password } = JSON.parse(readFileSync(file, "utf8"));
    if (typeof username === "string" && typeof password === "string") return { username, password };
  } catch {
    // Its error would quote the password.
  }
  throw new StartFailure(`The file ${file} is damaged. Remove it: the next start makes another role.`);
}

function newPassword(): string {
  return randomBytes(24).toString("base64url");
}
