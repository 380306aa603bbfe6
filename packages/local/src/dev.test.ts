import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { WEB_HEADERS } from "@notejam/functions/web-headers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Serving, serve } from "./testing/command.ts";

const folder = mkdtempSync(join(tmpdir(), "notejam-dev-"));
let dev: Serving;

beforeAll(async () => {
  dev = await serve("dev", { NOTEJAM_DATA_DIR: folder });
});

afterAll(async () => {
  await dev.end("SIGKILL");
  rmSync(folder, { recursive: true });
});

describe("npm run dev", () => {
  test("serves the page by Vite, on the same address as the API", async () => {
    const page = await fetch(`${dev.origin}/notes/create`, { headers: { accept: "text/html" } });

    expect(await page.text()).toContain('src="/@vite/client"');
    expect(await (await fetch(`${dev.origin}/api/health`)).json()).toEqual({ status: "ok" });
  });

  test("sends the headers that are sent when it is deployed, but lets Vite put style sheets into the page", async () => {
    const { headers } = await fetch(dev.origin);

    const { "content-security-policy": policy = "", ...others } = WEB_HEADERS;
    expect(Object.fromEntries(headers)).toMatchObject(others);
    expect(headers.get("content-security-policy")?.replace(" 'unsafe-inline'", "")).toBe(policy);
  });

  test("passes on the connection by which Vite tells the page of changes", async () => {
    const { accepted, socket } = await connectAsPage();

    // RFC 6455, 1.3: the answer to this key.
    expect(accepted).toBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    socket.destroy();
  });

  test("builds the API again when a source changes, and goes on answering", async () => {
    const now = new Date();
    utimesSync(join(import.meta.dirname, "../../functions/src/api/routes/health.ts"), now, now);

    await expect
      .poll(() => dev.running.stdout, { timeout: 30_000 })
      .toContain("The API has been built again.");
    expect(await (await fetch(`${dev.origin}/api/health`)).json()).toEqual({ status: "ok" });
  });

  test("ends with all that it started, a page's connection too", async () => {
    const { socket } = await connectAsPage();
    const closed = new Promise((resolve) => socket.on("close", resolve).resume());

    expect(await dev.end("SIGINT")).toEqual({ code: 0, signal: null });
    expect(dev.running.stderr).toBe("");
    await closed;
  });
});

/** Opens the connection that Vite's client in a page opens. */
async function connectAsPage(): Promise<{ accepted: string | undefined; socket: Duplex }> {
  const client = await (await fetch(`${dev.origin}/@vite/client`)).text();
  const token = /wsToken = "([^"]+)"/.exec(client)?.[1];
  const sending = request({
    host: "127.0.0.1",
    port: dev.port,
    path: `/?token=${token}`,
    headers: {
      host: `localhost:${dev.port}`,
      connection: "Upgrade",
      upgrade: "websocket",
      origin: dev.origin,
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
      "sec-websocket-protocol": "vite-hmr",
      "sec-websocket-version": "13",
    },
  });
  return new Promise((resolve, reject) => {
    sending.on("upgrade", ({ headers }, socket) =>
      resolve({ accepted: headers["sec-websocket-accept"], socket }),
    );
    sending.on("response", ({ statusCode }) => reject(new Error(`There was no upgrade, but ${statusCode}.`)));
    sending.on("error", reject);
    sending.end();
  });
}
