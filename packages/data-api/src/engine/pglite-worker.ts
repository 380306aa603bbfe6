// Runs PGlite in a thread of its own. It moves the protocol's bytes and decides nothing: PGlite works synchronously,
// so a long statement would stop a server in the same thread, and only the end of its thread stops a statement.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import type { FromWorker, ToWorker, WorkerStart } from "./pglite.ts";

const start = workerData as WorkerStart;
const port = parentPort as MessagePort;
const say = (message: FromWorker, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

/** What the server wrote last: it says why where a start fails. */
let complaint = "";
let database: PGlite;
/** One message after the other: between two statements of a reset, another session must not begin. */
let done: Promise<void> = Promise.resolve();
try {
  database = await PGlite.create({
    ...start.modules,
    ...(start.dataDir === undefined ? {} : { dataDir: start.dataDir }),
    ...(start.loadFrom === undefined ? {} : { loadDataDir: start.loadFrom }),
    startParams: [...PGlite.defaultStartParams, ...start.parameters],
    onStderr(text) {
      if (/FATAL:|PANIC:/.test(text)) complaint = text.slice(text.search(/FATAL:|PANIC:/)).trim();
      return false;
    },
  });
  say({ kind: "ready" });
  port.on("message", (message: ToWorker) => {
    done = done.then(() => answer(message));
  });
} catch (error) {
  say({ kind: "failed", message: complaint || (error instanceof Error ? error.message : String(error)) });
  port.close();
}

async function answer(message: ToWorker): Promise<void> {
  try {
    if (message.kind === "run") {
      const bytes = await exchange(message.bytes);
      say({ kind: "answer", bytes }, [bytes.buffer]);
    } else if (message.kind === "reset") {
      for (const statement of message.statements) await exchange(statement);
    } else if (message.kind === "dump") {
      const blob = await database.dumpDataDir("gzip");
      const bytes = new Uint8Array(await blob.arrayBuffer());
      say({ kind: "answer", bytes }, [bytes.buffer]);
    } else {
      await database.close();
      say({ kind: "closed" });
      port.close();
    }
  } catch (error) {
    say({ kind: "broken", message: error instanceof Error ? error.message : String(error) });
  }
}

/** The answer is collected from PGlite's stream: its other raw calls parse each message as well, and keep what they parsed. */
async function exchange(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  await database.execProtocolRawStream(bytes, {
    onRawData(chunk) {
      chunks.push(new Uint8Array(chunk)); // the chunk is a view of the database's own memory
      size += chunk.length;
    },
  });
  if (chunks.length === 1 && chunks[0]) return chunks[0];
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
