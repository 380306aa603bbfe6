// A pool whose server goes away.
import { connect, createServer, type Socket } from "node:net";
import { expect, inject, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { startPostgresEngine } from "./postgres.ts";

/** A way to the suite's PostgreSQL that can be cut. */
async function openRelay(): Promise<{ url: string; cut(): void }> {
  const url = new URL(inject("postgresUrl"));
  const { hostname, port } = url;
  const sockets: Socket[] = [];
  const relay = createServer((client) => {
    const server = connect(Number(port), hostname);
    sockets.push(client, server);
    for (const socket of [client, server]) socket.on("error", () => {});
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const address = relay.address();
  url.port = String(typeof address === "object" ? address?.port : "");
  return {
    url: url.href,
    cut() {
      relay.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

test("a connection that can't be made is told to those who wait for its place, too", async () => {
  const relay = await openRelay();
  const engine = await startPostgresEngine({ url: relay.url, maxConnections: 1, clock: new ManualClock() });
  const session = await engine.session();
  relay.cut();
  await expect.poll(() => session.state).toBe("lost");

  const outcomes = await Promise.allSettled([engine.session(), engine.session(), engine.session()]);

  const unavailable = expect.objectContaining({ type: "DatabaseUnavailableException" });
  expect(outcomes).toEqual(outcomes.map(() => ({ status: "rejected", reason: unavailable })));
  await engine.close();
});
