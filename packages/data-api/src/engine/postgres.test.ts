// A pool whose server goes away, or says nothing more.
import { connect, createServer, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { ManualClock } from "../clock.ts";
import type { Engine } from "./engine.ts";
import { startPostgresEngine } from "./postgres.ts";

interface Relay {
  url: string;
  /** How many connections were made by it. */
  readonly made: number;
  /** Cuts the connections that there are. */
  drop(): void;
  /** The same, and refuses others. */
  cut(): void;
  /** Nothing passes any more, and nothing by connections that are made before `speak`. */
  silence(): void;
  speak(): void;
}

/** A way to the suite's PostgreSQL that can be cut, or fall silent. */
async function openRelay(): Promise<Relay> {
  const url = new URL(inject("postgresUrl"));
  const { hostname, port } = url;
  const sockets: Socket[] = [];
  let made = 0;
  let silent = false;
  const relay = createServer((client) => {
    made++;
    const server = connect(Number(port), hostname);
    sockets.push(client, server);
    for (const socket of [client, server]) socket.on("error", () => {});
    if (!silent) client.pipe(server).pipe(client);
  });
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
  const address = relay.address();
  url.port = String(typeof address === "object" ? address?.port : "");
  return {
    url: url.href,
    get made() {
      return made;
    },
    drop,
    cut() {
      relay.close();
      drop();
    },
    silence() {
      silent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    speak() {
      silent = false;
    },
  };
}

test("if a connection can't be made, those who wait for it get the error too", async () => {
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

describe("a server that says nothing more is no obstacle", () => {
  let relay: Relay;
  let engine: Engine;
  beforeEach(async () => {
    relay = await openRelay();
    engine = await startPostgresEngine({ url: relay.url, maxConnections: 2, clock: new ManualClock() });
  });
  afterEach(async () => {
    relay.cut();
    await engine.close();
  });

  async function run(sql: string) {
    const session = await engine.session();
    const { rows } = await session.run(sql, []);
    session.release();
    return rows;
  }

  test("to a failover, where a connection is free", async () => {
    await run("select 1"); // by a second connection, so that the first one is free when this has run
    relay.silence();
    relay.speak();
    await engine.failover();
    expect(await run("select 1")).toEqual([["1"]]);
  });

  test("to a failover, where all connections are being made", async () => {
    const lent = [await engine.session(), await engine.session()];
    relay.silence();
    relay.drop();
    await expect.poll(() => lent.map(({ state }) => state)).toEqual(["lost", "lost"]);
    const opening = lent.map(() => engine.session().catch(({ type }) => type));
    await expect.poll(() => relay.made).toBe(4);
    relay.speak();

    await engine.failover();

    expect(await run("select 1")).toEqual([["1"]]);
    relay.drop();
    expect(await Promise.all(opening)).toEqual(opening.map(() => "DatabaseUnavailableException"));
  });

  test("to closing", async () => {
    await run("select 1");
    relay.silence();
    relay.speak();
    await engine.close();
  });
});
