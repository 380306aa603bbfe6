// Runs PGlite in a separate thread. It moves the protocol's bytes and decides nothing: PGlite works synchronously,
// so a long statement would stop a server in the same thread, and only the end of its thread stops a statement.
import { workerData } from "node:worker_threads";
import { PGlite } from "@electric-sql/pglite";
import { Channel } from "./channel.ts";
import { reasonOf } from "./data-directory.ts";
import { withFiles } from "./extensions.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./pglite-backend.ts";
import { decodeAnswer, joined } from "./wire.ts";

const start = workerData as WorkerStart;
const channel = new Channel<FromWorker, ToWorker>(start.channel);

/** What the server wrote last: it says why a start fails. */
let complaint = "";
let database: PGlite;
try {
  database = await PGlite.create({
    ...start.modules,
    extensions: { all: withFiles(start.extensions) },
    ...(start.dataDir === undefined ? {} : { dataDir: start.dataDir }),
    ...(start.loadFrom === undefined ? {} : { loadDataDir: start.loadFrom }),
    startParams: [...PGlite.defaultStartParams, ...start.parameters],
    onStderr(text) {
      if (/FATAL:|PANIC:/.test(text)) complaint = text.slice(text.search(/FATAL:|PANIC:/)).trim();
      return false;
    },
  });
  channel.send({ kind: "ready" });
  // Between two statements nothing else is to be done here, so the thread sleeps without its event loop.
  for (let message = channel.receive(); message; message = channel.receive()) {
    await answer(message);
    if (message.kind === "close") break;
  }
} catch (error) {
  channel.send({
    kind: "broken",
    message: complaint || reasonOf(error),
  });
}
start.channel.port.close();

/** @throws Error if the database broke */
async function answer(message: ToWorker): Promise<void> {
  if (message.kind === "run") {
    const bytes = await exchange(message.bytes);
    channel.send({ kind: "answer", bytes }, [bytes.buffer]);
  } else if (message.kind === "reset") {
    const { error } = decodeAnswer(await exchange(message.bytes));
    if (error) throw error;
  } else if (message.kind === "dump") {
    const blob = await database.dumpDataDir("gzip");
    const bytes = new Uint8Array(await blob.arrayBuffer());
    channel.send({ kind: "answer", bytes }, [bytes.buffer]);
  } else {
    await database.close();
    channel.send({ kind: "closed" });
  }
}

/** The answer is collected from PGlite's stream: its other raw calls parse each message as well, and keep what they parsed. */
async function exchange(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  await database.execProtocolRawStream(bytes, {
    onRawData: (chunk) => chunks.push(new Uint8Array(chunk)), // the chunk is a view of the database's own memory
  });
  return chunks.length === 1 && chunks[0] ? chunks[0] : joined(chunks);
}
