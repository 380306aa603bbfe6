// A check of `npm run preflight`: one question to AWS, answered independently of the others.
import { isDenied, whyNotAnswered } from "../account/ask.ts";

export type Outcome =
  | { kind: "fine"; says: string }
  /** It is nothing that a deployment runs into. */
  | { kind: "note"; says: string }
  /** `mend` is the command that mends it, or where to mend it. */
  | { kind: "problem"; says: string; mend: string }
  /** It could not be asked. */
  | { kind: "unasked"; says: string };

export interface Check {
  name: string;
  /** The actions of IAM that it needs, where AWS's refusal does not name them. */
  permissions: string;
  ask(): Promise<Outcome>;
}

/** Asks, and turns a refusal of AWS into an outcome. Rejects for faults of this program only. */
export async function perform({ permissions, ask }: Check): Promise<Outcome> {
  try {
    return await ask();
  } catch (error) {
    const { name, message } = error as Error;
    if (isDenied(error)) {
      const needed = /to perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? permissions;
      return { kind: "unasked", says: `can't be asked: it needs the permission ${needed}` };
    }
    const why = whyNotAnswered(error);
    if (why) return { kind: "unasked", says: `can't be asked: ${why}` };
    if ("$metadata" in (error as object))
      return { kind: "unasked", says: `can't be asked: ${name}: ${message}` };
    throw error;
  }
}
