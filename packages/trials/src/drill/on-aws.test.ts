// The drill on AWS, over what `npm start` serves. The AWS side has its own tests (stacks/recovery/rehearsal.test.ts).
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@notejam/local/testing/command";
import { expect, test } from "vitest";
import { drillOnAws } from "./on-aws.ts";

/** A stage and the one that is made from it, and what was done, in order. */
function rehearsal(site: string, restored: string) {
  const done: string[] = [];
  const act = async (what: string) => void done.push(what);
  return {
    done,
    site,
    snapshot: () => act("snapshot").then(() => "a snapshot"),
    restore: (snapshot: string) => act(`restore ${snapshot}`).then(() => restored),
    clear: () => act("clear"),
  };
}

/** A site that has no account, and where none can be made. */
async function emptySite() {
  const server = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

test("whatever fails, what the drill has made is removed", async () => {
  const site = await emptySite();
  const stage = rehearsal(site.origin, site.origin);

  await expect(drillOnAws(stage, { operations: 2 })).rejects.toThrow();

  site.close();
  expect(stage.done).toEqual(["clear", "clear"]);
});

// A service starts. What is compared, and how a loss is named, has its own tests (packages/cli, drill.test.ts).
if (process.env.NOTEJAM_LONG_TESTS) {
  test("what was written before the snapshot is found in the stage that is made from it, and missed in another", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "notejam-drill-on-aws-"));
    const [service, empty] = await Promise.all([serve("start", { NOTEJAM_DATA_DIR: dataDir }), emptySite()]);
    const order = ["clear", "snapshot", "restore a snapshot", "clear"];

    const stage = rehearsal(service.origin, service.origin);
    const { engine, lost, same, acknowledged } = await drillOnAws(stage, { operations: 15 });
    expect({ engine, lost }).toEqual({ engine: "aws", lost: [] });
    expect(same).toBe(acknowledged.before);
    expect(same).toBeGreaterThan(0);
    expect(stage.done).toEqual(order);

    const without = rehearsal(service.origin, empty.origin);
    await expect(drillOnAws(without, { operations: 2 })).rejects.toThrow();
    expect(without.done).toEqual(order);

    empty.close();
    await service.end("SIGINT");
    rmSync(dataDir, { recursive: true, force: true });
  });
}
