// `--demo`: an account to look around in, created through the HTTP API like any other. Its notes are the files in demo/, its
// pads their folders.
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { signIn, signOut } from "@notejam/cli/account";
import { openConnection } from "@notejam/cli/connection";
import { derivedId } from "@notejam/cli/derived-id";
import type { Api } from "@notejam/client";
import { isProblem } from "@notejam/client/problem";
import { Failed } from "@notejam/command-line";

const CREDENTIALS = { email: "demo@example.com", password: "notejam demo" };
const PINNED = "Travel/Lisbon in three days.md";
const FOLDER = join(import.meta.dirname, "../demo");

/**
 * Adds what is missing of the account; a second run adds nothing. What a user has changed in it stays changed.
 * @returns what to print for the user
 */
export async function addDemo(origin: string): Promise<string> {
  const connection = openConnection(origin);
  try {
    const { user } = await signIn(connection, CREDENTIALS, true);
    await addNotes(connection.api, user.id);
    await signOut(connection);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return `The account ${CREDENTIALS.email} can't be opened, so it was left as it is. ${error.message}\n`;
  }
  return `To look around, sign in as ${CREDENTIALS.email} with the password "${CREDENTIALS.password}".\n`;
}

/** Not an import of the folder: an import keeps the extension in a note's name, and does not keep the order of creation. */
async function addNotes(api: Api, userId: string) {
  // The last note created is at the top of the list: the notes without a pad come last, the one that welcomes among them.
  const order = (file: string) => `${dirname(file) === "." ? 1 : 0}${file}`;
  const files = globSync("**/*.md", { cwd: FOLDER }).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  for (const name of new Set(files.map(dirname))) {
    if (name === ".") continue;
    const json = { id: derivedId(userId, "pad", name), name };
    await api.pads.$post({ json }).catch(ignorePresent);
  }
  for (const file of files) {
    const pad = dirname(file);
    const json = {
      id: derivedId(userId, "note", file),
      name: basename(file, ".md"),
      text: linked(readFileSync(join(FOLDER, file), "utf8"), file, userId),
      padId: pad === "." ? null : derivedId(userId, "pad", pad),
    };
    const answer = await api.notes.$post({ json }).catch(ignorePresent);
    if (answer?.status === 201 && file === PINNED) {
      await api.notes.marks.$put({ json: { ids: [json.id], pinned: true } });
    }
  }
}

/** The text with its links to files, `[Bread](<Bread.md>)`, as links to their notes. */
function linked(text: string, file: string, userId: string): string {
  return text.replace(/\]\(<([^<>]+\.md)>\)/g, (_, target: string) => {
    const id = derivedId(userId, "note", join(dirname(file), target));
    return `](/notes/${id})`;
  });
}

/** A user has changed the note or pad, or moved it or its pad to the trash: it stays so. */
function ignorePresent(error: unknown): undefined {
  if (!isProblem(error, "conflict", "invalid_input")) throw error;
  return undefined;
}
