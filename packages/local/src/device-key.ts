// The key that signs the cookies of devices: made once for each data directory, so that browsers stay known across starts.
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reasonOf } from "@notejam/command-line/folder";
import { StartFailure } from "./start-failure.ts";

/** Without it, devices stay known where the database has them. */
const KEY_FILE = "device-key";

/** @throws StartFailure if the file can't be used */
export function deviceKeyOf(dataDir: string): string {
  const file = join(dataDir, KEY_FILE);
  const made = randomBytes(32).toString("base64url");
  try {
    writeFileSync(file, made, { mode: 0o600, flag: "wx" });
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return readFileSync(file, "utf8").trim();
    throw new StartFailure(`The file ${file} can't be written: ${reasonOf(error)}.`);
  }
}
