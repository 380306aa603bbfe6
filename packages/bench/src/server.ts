// The server under measurement, seen from the process that measures.
import { fork } from "node:child_process";
import type { Call, DatabaseOptions } from "@notejam/data-api";

export const DATABASE = "bench";

export interface MeasuredServer {
  url: string;
  /** The calls since this was last asked, as the server timed them itself. */
  takeCalls(): Promise<Call[]>;
  close(): Promise<void>;
}

/** @throws Error if it does not start; it has said why */
export async function startServer(database: DatabaseOptions): Promise<MeasuredServer> {
  const child = fork(new URL("./server-process.ts", import.meta.url), [JSON.stringify(database)]);
  const next = <T>() =>
    new Promise<T>((resolve, reject) => {
      child.once("message", (message) => {
        child.off("exit", ended);
        resolve(message as T);
      });
      const ended = () => reject(new Error("The server's process ended."));
      child.once("exit", ended);
    });
  const { url } = await next<{ url: string }>();
  return {
    url,
    async takeCalls() {
      child.send("take");
      return (await next<{ calls: Call[] }>()).calls;
    },
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await ended;
    },
  };
}
