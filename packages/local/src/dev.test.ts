import { existsSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CLIENT_ADDRESS_HEADER,
  ORIGIN_SECRET_HEADER,
  SITE_ORIGIN_HEADER,
} from "@notejam/functions/distribution-headers";
import { WEB_HEADERS } from "@notejam/functions/web-headers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exchange } from "./aws/testing/client.ts";
import { outboxOf, run, type Serving, serve } from "./testing/command.ts";

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

  test("sends the same headers as when it is deployed, but lets Vite add style sheets and replace modules", async () => {
    const { headers } = await fetch(dev.origin);

    const { "content-security-policy": policy = "", ...others } = WEB_HEADERS;
    expect(Object.fromEntries(headers)).toMatchObject(others);
    expect(headers.get("content-security-policy")?.replace(/ 'unsafe-inline'| 'allow-duplicates'/g, "")).toBe(
      policy,
    );
  });

  test.each(["notes.example.com", "localhost.example.com"])(
    "does not answer to the name %s, whatever is asked for",
    async (name) => {
      for (const path of ["/", "/src/main.tsx", "/api/health", "/_outbox"]) {
        const { status } = await exchange(dev.port, { path, headers: ["Host", `${name}:${dev.port}`] });
        expect([path, status]).toEqual([path, 403]);
      }
    },
  );

  test("opens no connection for changes under another name", async () => {
    const { status } = await exchange(dev.port, {
      path: `/?token=${await pageToken()}`,
      headers: [
        ...["Host", `evil.example:${dev.port}`, "Connection", "Upgrade", "Upgrade", "websocket"],
        ...["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version", "13"],
        ...["Sec-WebSocket-Protocol", "vite-hmr"],
      ],
    });

    expect(status).toBe(400);
  });

  test("lets no page of another port read its answers", async () => {
    for (const path of ["/", "/api/health", "/_outbox"]) {
      const { headers } = await exchange(dev.port, { path, headers: ["Origin", "http://localhost:1"] });
      expect(headers).not.toHaveProperty("access-control-allow-origin");
    }
  });

  test("tells the API its own origin, whatever the client says, and shows the mails", async () => {
    const account = { email: "ana@example.com", password: "correct horse" };
    const headers = { "content-type": "application/json", origin: dev.origin };
    await fetch(`${dev.origin}/api/users`, { method: "POST", headers, body: JSON.stringify(account) });

    const { status } = await fetch(`${dev.origin}/api/password-resets`, {
      method: "POST",
      headers: {
        ...headers,
        [SITE_ORIGIN_HEADER]: "https://evil.example",
        [CLIENT_ADDRESS_HEADER]: "192.0.2.1",
        [ORIGIN_SECRET_HEADER]: "guessed",
      },
      body: JSON.stringify({ email: account.email }),
    });

    expect(status).toBe(202);
    const outbox = () => fetch(outboxOf(dev), { headers: { accept: "application/json" } });
    await expect
      .poll(async () => (await outbox()).text(), { timeout: 10_000 })
      .toContain(`${dev.origin}/reset-password#`);
  });

  test("tells the open page when a source changes", async () => {
    const page = await (await fetch(dev.origin, { headers: { accept: "text/html" } })).text();
    const entry = /src="(\/src\/[^"?]+)/.exec(page)?.[1];
    await (await fetch(`${dev.origin}${entry}`)).text();
    const told: string[] = [];
    const socket = new WebSocket(`ws://localhost:${dev.port}/?token=${await pageToken()}`, "vite-hmr");
    socket.addEventListener("message", ({ data }) => told.push(JSON.parse(data).type));
    await expect.poll(() => told, { timeout: 10_000 }).toContain("connected");

    const now = new Date();
    utimesSync(join(import.meta.dirname, `../../web${entry}`), now, now);

    await expect
      .poll(() => told.some((type) => type === "update" || type === "full-reload"), { timeout: 10_000 })
      .toBe(true);
    socket.close();
  });

  test("builds the functions again when a source changes, and keeps answering", async () => {
    const now = new Date();
    utimesSync(join(import.meta.dirname, "../../functions/src/api/routes/health.ts"), now, now);

    await expect
      .poll(() => dev.running.stdout, { timeout: 30_000 })
      .toContain("The functions have been built again.");
    expect(await (await fetch(`${dev.origin}/api/health`)).json()).toEqual({ status: "ok" });
  });

  test("ends with everything that it started, a page's connection too", async () => {
    const socket = new WebSocket(`ws://localhost:${dev.port}/?token=${await pageToken()}`, "vite-hmr");
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));

    expect(await dev.end("SIGINT")).toEqual({ code: 0, signal: null });
    expect(dev.running.stderr).toBe("");
    await closed;
  });
});

describe("npm run dev that can't start says why in one line", () => {
  test("when the port is in use, before anything is written", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    const dataDir = join(folder, "not-written");

    const started = run("dev", { NOTEJAM_DATA_DIR: dataDir, PORT: String(port) });

    expect(await started.exit).toEqual({ code: 1, signal: null });
    expect(started.stderr).toMatch(new RegExp(`^Port ${port} is in use by another program\\.[^\n]+\n$`));
    expect(existsSync(dataDir)).toBe(false);
    taken.close();
  });
});

/** What Vite's client in a page shows when it connects. */
async function pageToken(): Promise<string | undefined> {
  const client = await (await fetch(`${dev.origin}/@vite/client`)).text();
  return /wsToken = "([^"]+)"/.exec(client)?.[1];
}
