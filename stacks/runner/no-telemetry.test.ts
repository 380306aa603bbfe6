// SST's and the CDK's own telemetry, in a shell that says nothing about it, up to the CDK's bootstrap of a new account.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { awsStub, Refusal } from "../testing/aws-stub.ts";
import { run } from "../testing/command.ts";
import { ACCOUNT } from "../testing/templates.ts";

test("SST tells its makers nothing, and starts the CDK's bootstrap so that it tells nothing either", async () => {
  const folder = mkdtempSync(join(tmpdir(), "notejam-telemetry-"));
  const requests = join(folder, "requests");
  const bootstrap = join(folder, "bootstrap");
  // Telemetry goes by https; AWS on loopback does not.
  const spy = join(folder, "spy.mjs");
  writeFileSync(
    spy,
    `import https from "node:https";
     import { appendFileSync } from "node:fs";
     const request = https.request;
     https.request = (...args) => {
       appendFileSync(${JSON.stringify(requests)}, String(args[0].hostname ?? args[0]) + "\\n");
       return request(...args);
     };`,
  );
  writeFileSync(
    join(folder, "npx"),
    `#!/bin/sh\necho "npx $*" > ${bootstrap}\nenv >> ${bootstrap}\nexit 1\n`,
  );
  chmodSync(join(folder, "npx"), 0o755);
  const missing = ({ parameters }: { parameters: Record<string, string> }) =>
    new Refusal("ValidationError", `Stack with id ${parameters.StackName} does not exist`);
  const aws = await awsStub(ACCOUNT, { DescribeStacks: missing });

  // It has no function that SST would bundle first.
  const args = ["build", "--stage", "vault", "--region", "eu-west-1", "--to", join(folder, "built")];
  const { code, stdout } = await run("node_modules/sst/cli/sst.js", args, {
    ...aws.environment,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    NODE_OPTIONS: `--import ${pathToFileURL(spy)}`,
    XDG_CONFIG_HOME: folder,
    SST_TELEMETRY_DISABLED: undefined,
    CDK_DISABLE_CLI_TELEMETRY: undefined,
    CDK_NOTICES: undefined,
  });
  aws.close();

  expect(existsSync(requests) ? readFileSync(requests, "utf8") : "").toBe("");
  expect(code).toBe(1);
  expect(stdout).toContain("Failed to bootstrap");
  const started = readFileSync(bootstrap, "utf8");
  expect(started).toMatch(new RegExp(`^npx cdk bootstrap aws://${ACCOUNT}/eu-west-1 `));
  expect(started).toContain("\nCDK_DISABLE_CLI_TELEMETRY=true\n");
  expect(started).toContain("\nCDK_NOTICES=false\n");
  rmSync(folder, { recursive: true });
});

test("the CDK that SST starts is the one of the lock file", async () => {
  const { stdout } = await run("node_modules/.bin/cdk", ["--version"], { CDK_DISABLE_CLI_TELEMETRY: "true" });

  expect(manifest.devDependencies["aws-cdk"]).toMatch(/^\d+\.\d+\.\d+$/);
  expect(stdout).toMatch(new RegExp(`^${manifest.devDependencies["aws-cdk"].replaceAll(".", "[.]")} `));
});
