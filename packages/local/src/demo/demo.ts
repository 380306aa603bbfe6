// `--demo`: an account to look around in, with a year behind it. Its notes are the files in demo/, its pads their folders, and
// diary.ts says how they came about. The account is made through the API, like any other. Its past can't be: it is brought in.
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { signIn, signOut } from "@notejam/cli/account";
import { openConnection } from "@notejam/cli/connection";
import { derivedId } from "@notejam/cli/derived-id";
import { Failed } from "@notejam/command-line";
import { bringIn } from "@notejam/core/administration/bring-in";
import { notes } from "@notejam/core/note/versioned";
import { pads } from "@notejam/core/pad/index";
import { NOTES, PADS } from "./diary.ts";
import { type Content, contentOf, statesOf } from "./life.ts";

const CREDENTIALS = { email: "demo@example.com", password: "notejam demo" };
const PINNED = "Travel/Lisbon in three days.md";
const FOLDER = join(import.meta.dirname, "../../demo");

/**
 * Adds what is missing of the account; a second run adds nothing. What a user has changed in it stays changed.
 * @param environment what core needs to reach the database
 * @returns what to print for the user
 */
export async function addDemo(origin: string, environment: Record<string, string>): Promise<string> {
  const connection = openConnection(origin);
  try {
    const { user } = await signIn(connection, CREDENTIALS, true);
    Object.assign(process.env, environment);
    await addYear(user.id, new Date());
    await signOut(connection);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return `The account ${CREDENTIALS.email} can't be opened, so it was left as it is. ${error.message}\n`;
  }
  return `To look around, sign in as ${CREDENTIALS.email} with the password "${CREDENTIALS.password}".\n`;
}

async function addYear(userId: string, now: Date) {
  const padId = (name: string) => derivedId(userId, "pad", name);
  for (const [name, diary] of Object.entries(PADS)) {
    const states = statesOf({ name, text: "", pad: null }, diary, now);
    const given = states.map((state) => ({ ...state, content: { name: state.content.name } }));
    await bringIn(userId, pads, padId(name), given);
  }
  for (const { file, content } of lastContents()) {
    const states = statesOf(content, NOTES[file] ?? [], now);
    const given = states.map((state) => {
      const { pad, text } = state.content;
      return {
        ...state,
        content: contentOf({ ...state.content, text: linked(text, file, userId) }, pad && padId(pad)),
      };
    });
    const last = given.at(-1);
    if (!last) throw new Error(`The diary has no entry for ${file}.`);
    const marks: Record<string, Date> = file === PINNED ? { pinnedAt: last.changedAt } : {};
    await bringIn(userId, notes, derivedId(userId, "note", file), given, marks);
  }
}

/** What the files say. */
export function lastContents(): { file: string; content: Content }[] {
  return globSync("**/*.md", { cwd: FOLDER }).map((file) => {
    const folder = dirname(file);
    const text = readFileSync(join(FOLDER, file), "utf8").trimEnd();
    return { file, content: { name: basename(file, ".md"), text, pad: folder === "." ? null : folder } };
  });
}

/** The text with its links to files, `[Bread](<Bread.md>)`, as links to their notes. */
function linked(text: string, file: string, userId: string): string {
  return text.replace(/\]\(<([^<>]+\.md)>\)/g, (_, target: string) => {
    const id = derivedId(userId, "note", join(dirname(file), target));
    return `](/notes/${id})`;
  });
}
