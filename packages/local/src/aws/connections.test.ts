import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { CONNECTION_LIMITS, type ConnectionLimits } from "./connections.ts";
import { type Listening, listen, plainText, readBody } from "./loopback.ts";
import { exchange } from "./testing/client.ts";

let server: Listening;
afterEach(() => server.close());

/** A server that answers "ok" to each request, when it has all of it. */
async function serve(limits: Partial<ConnectionLimits>): Promise<void> {
  server = await listen(
    0,
    {
      async respond(request) {
        await readBody(request, 1000);
        return plainText(200, "ok");
      },
      fault: (error) => expect.unreachable(String(error)),
    },
    { ...CONNECTION_LIMITS, ...limits },
  );
}

/** A connection that has sent this much of a request. */
async function opened(sent: string): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  socket.on("error", () => undefined).resume();
  await once(socket, "connect");
  socket.write(sent);
  return socket;
}

const HEAD = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n";

describe("a connection that sends slowly", () => {
  test.each([
    ["nothing", ""],
    ["half of the headers", HEAD.slice(0, 30)],
    ["half of the body", `${HEAD}half`],
  ])("is closed by the server, whatever it has sent: %s", async (_, sent) => {
    await serve({ headersMs: 20, requestMs: 40, checkEveryMs: 10 });

    const slow = await opened(sent);

    await once(slow, "close");
  });
});

describe("beyond the number of connections", () => {
  test.each([
    ["silent", ""],
    ["slow with headers", HEAD.slice(0, 30)],
    ["slow with a body", `${HEAD}half`],
  ])("the oldest that is %s makes room, and a request is answered", async (_, sent) => {
    await serve({ open: 20 });
    const flood: Socket[] = [];
    for (let n = 0; n < 20; n++) flood.push(await opened(sent));
    const oldest = once(flood[0] as Socket, "close");

    const { status } = await exchange(server.port, {});
    await oldest;

    expect(status).toBe(200);
    expect(flood.map(({ closed }) => closed).slice(1)).toEqual(Array(19).fill(false));
    for (const socket of flood) socket.destroy();
  });

  test("a request that is being answered keeps its connection", async () => {
    let answer = () => {};
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    let came = () => {};
    const arrived = new Promise<void>((resolve) => {
      came = resolve;
    });
    server = await listen(
      0,
      {
        async respond() {
          came();
          await asked;
          return plainText(200, "ok");
        },
        fault: () => undefined,
      },
      { ...CONNECTION_LIMITS, open: 1 },
    );
    const first = exchange(server.port, {});
    await arrived;

    const second = await opened("GET / HTTP/1.1\r\n");
    await once(second, "close");
    answer();

    expect((await first).status).toBe(200);
  });
});
