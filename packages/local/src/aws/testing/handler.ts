// A Lambda function for the tests of what is around it: it does what its event asks for; by default it returns the event.
import { setTimeout as sleep } from "node:timers/promises";

/** What the event asks for: in an event of API Gateway, the header `x-do` as JSON. */
export interface Wish {
  /** Return this. */
  answer?: unknown;
  /** Return this many bytes. */
  answerBytes?: number;
  throw?: string;
  exit?: number;
  /** Never return, and let nothing else run. */
  hang?: boolean;
  waitMs?: number;
  /** Throw so many times before succeeding. */
  failFirst?: number;
  /** Write this line to standard output. */
  log?: string;
  /** Return how many events this environment has seen. */
  count?: boolean;
  /** Return the variables that it has. */
  environment?: boolean;
}

let events = 0;

export async function handler(event: Record<string, unknown>, context: { awsRequestId: string }) {
  events++;
  const headers = event.headers as Record<string, string> | undefined;
  const wish: Wish = headers ? JSON.parse(headers["x-do"] ?? "{}") : event;
  if (wish.log !== undefined) process.stdout.write(`${wish.log}\n`);
  if (wish.waitMs !== undefined) await sleep(wish.waitMs);
  if (wish.exit !== undefined) process.exit(wish.exit);
  while (wish.hang);
  if (wish.throw !== undefined) throw new RangeError(wish.throw);
  if (wish.failFirst !== undefined && events <= wish.failFirst) throw new Error(`failure ${events}`);
  if (wish.count) return { count: events };
  if (wish.environment) return { statusCode: 200, body: JSON.stringify(process.env) };
  if (wish.answerBytes !== undefined) return { statusCode: 200, body: "x".repeat(wish.answerBytes) };
  if ("answer" in wish) return wish.answer;
  return { statusCode: 200, body: JSON.stringify({ event, requestId: context.awsRequestId }) };
}
