// `--demo`: an account to look around in, made through the HTTP API like any other. Its notes are the files in demo/, its
// pads their folders.
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { NotSignedIn, signIn, signOut } from "@notejam/cli/account";
import { Api, Refusal } from "@notejam/cli/api";
import { derivedId } from "@notejam/cli/derived-id";

const CREDENTIALS = { email: "demo@example.com", password: "notejam demo" };
const FOLDER = join(import.meta.dirname, "../demo");

/**
 * Adds what is missing of the account; a second time nothing is. What was changed in it stays changed.
 * @returns what to tell the person at the terminal
 */
export async function addDemo(origin: string): Promise<string> {
  const api = new Api(origin);
  try {
    const { user } = await signIn(api, CREDENTIALS, true);
    await addNotes(api, user.id);
    await signOut(api);
  } catch (error) {
    if (!(error instanceof NotSignedIn)) throw error;
    return `The account ${CREDENTIALS.email} was left as it is, since it can't be opened: ${error.message}\n`;
  }
  return `To look around, sign in as ${CREDENTIALS.email} with the password "${CREDENTIALS.password}".\n`;
}

async function addNotes(api: Api, userId: string) {
  // What is made last is at the top of the list: the notes in no pad, among them the one that welcomes.
  const order = (file: string) => `${dirname(file) === "." ? 1 : 0}${file}`;
  const files = globSync("**/*.md", { cwd: FOLDER }).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  for (const pad of new Set(files.map(dirname))) {
    if (pad !== ".") await create(api, "/api/pads", { id: derivedId(userId, "pad", pad), name: pad });
  }
  for (const file of files) {
    const pad = dirname(file);
    await create(api, "/api/notes", {
      id: derivedId(userId, "note", file),
      name: basename(file, ".md"),
      text: readFileSync(join(FOLDER, file), "utf8"),
      padId: pad === "." ? null : derivedId(userId, "pad", pad),
    });
  }
}

/** One that lies in the trash, or whose pad does, was put there by somebody, and stays there. */
async function create(api: Api, path: string, thing: Record<string, unknown>) {
  try {
    await api.call("POST", path, thing);
  } catch (error) {
    const there = error instanceof Refusal && (error.code === "conflict" || error.code === "invalid_input");
    if (!there) throw error;
  }
}
