// `npm run synth`: writes the CloudFormation templates of a stage, as a deployment does, without credentials or a network.
// It runs `sst build`. A server on loopback answers what SST asks AWS: who the caller is, and if the account is
// prepared; and what our code asks: a new stage has no stack, and a snapshot that it is made from is a good one.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { ENV } from "@notejam/core/config";
import { VisibleError } from "sst/error.js";
import { anyStageOf, regionOf } from "../stage.ts";
import { runCommand } from "./command.ts";

const USAGE = `Writes the CloudFormation templates of a stage, without credentials or a network.

Usage: npm run synth -- --stage <name> --region <region>

  --stage    production, staging, dev, a person's name, or pr-<number>
  --region   the AWS region (default: AWS_REGION)
  --help     prints this text

Environment variables:
  NOTEJAM_ACCOUNT     the AWS account in the templates, 12 digits (default: 123456789012)
  ${ENV.mailFrom}   the sender of mails (default: "Notejam <notejam@example.com>")
  NOTEJAM_FAR_REGION  where production's backups are copied to (default: another region)

One stage at a time: SST builds all regions of a stage in one folder.
`;

const ROOT = join(import.meta.dirname, "../..");

interface Request {
  stage: string;
  region: string;
  account: string;
}

await runCommand(USAGE, async (args) => synthesise(read(args)));

function read(args: string[]): Request {
  const options = { stage: { type: "string" }, region: { type: "string" } } as const;
  const { NOTEJAM_ACCOUNT: account = "123456789012" } = process.env;
  let given: { stage?: string; region?: string };
  try {
    given = parseArgs({ args, options }).values;
  } catch (error) {
    throw new VisibleError((error as Error).message);
  }
  if (!/^\d{12}$/.test(account))
    throw new VisibleError(`NOTEJAM_ACCOUNT must be 12 digits, not "${account}".`);
  return { stage: anyStageOf(given.stage).name, region: regionOf(given.region), account };
}

/** @returns the exit code */
async function synthesise({ stage, region, account }: Request): Promise<number> {
  const folder = join(ROOT, ".sst", "synth", `${stage}-${region}`);
  rmSync(folder, { recursive: true, force: true });

  const aws = await answerAsAws(account, region);
  const { port } = aws.address() as AddressInfo;
  const sst = spawn(
    process.execPath,
    [
      join(ROOT, "node_modules/sst/cli/sst.js"),
      "build",
      "--stage",
      stage,
      "--region",
      region,
      "--to",
      folder,
    ],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        [ENV.mailFrom]: process.env[ENV.mailFrom] || "Notejam <notejam@example.com>",
        NOTEJAM_FAR_REGION: process.env.NOTEJAM_FAR_REGION || otherRegion(stage, region),
        // A profile would take precedence over the keys.
        AWS_PROFILE: undefined,
        AWS_SESSION_TOKEN: undefined,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_ACCESS_KEY_ID: "example",
        AWS_SECRET_ACCESS_KEY: "example",
        SST_TELEMETRY_DISABLED: "1",
        npm_config_offline: "true",
      },
    },
  );
  const [code] = (await once(sst, "exit")) as [number | null];
  aws.close();
  if (code !== 0) return code ?? 1;

  for (const file of readdirSync(folder).filter((name) => name.endsWith(".template.json"))) {
    process.stdout.write(`${relative(process.cwd(), join(folder, file))}\n`);
  }
  return 0;
}

/** A far region for the templates of production. The stage of the far vaults is in it, and no other stage has one. */
function otherRegion(stage: string, region: string): string | undefined {
  if (stage !== "production") return undefined;
  return region === "eu-central-1" ? "eu-west-1" : "eu-central-1";
}

/** Answers what SST asks before it synthesises: `GetCallerIdentity`, and `DescribeStacks` for the two stacks that prepare an account. */
async function answerAsAws(account: string, region: string): Promise<Server> {
  const stacks: Record<string, Record<string, string>> = {
    CDKToolkit: { BootstrapVersion: "21", BucketName: `cdk-hnb659fds-assets-${account}-${region}` },
    SSTBootstrap: { Version: "7.4", BucketName: `sstbootstrap-${region}` },
  };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const outputs = stacks[form.get("StackName") ?? ""];
    response.setHeader("content-type", "text/xml");
    if (form.get("Action") === "GetCallerIdentity") {
      response.end(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:root</Arn><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    } else if (form.get("Action") === "DescribeStacks" && outputs) {
      const members = Object.entries(outputs).map(
        ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      );
      response.end(
        `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      );
    } else if (form.get("Action") === "DescribeStacks") {
      // A stage that is synthesised here is a new one.
      response
        .writeHead(400)
        .end(
          `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id ${form.get("StackName")} does not exist</Message></Error></ErrorResponse>`,
        );
    } else if (form.get("Action") === "DescribeDBClusterSnapshots") {
      response.end(
        "<DBClusterSnapshot><Engine>aurora-postgresql</Engine><EngineVersion>18.3</EngineVersion><Status>available</Status><MasterUsername>notejam</MasterUsername><StorageEncrypted>true</StorageEncrypted></DBClusterSnapshot>",
      );
    } else {
      response
        .writeHead(400)
        .end(
          `<ErrorResponse><Error><Code>InvalidAction</Code><Message>Synthesis does not need ${form}</Message></Error></ErrorResponse>`,
        );
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
