// The programs that a runbook's commands find instead of those that reach AWS. `aws` keeps what it was asked; it gives statements to
// the local Data API, and answers everything else as AWS would in form. `npm run notes` is the real command.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@notejam/local/settings";

/** The file in which each call of `aws` is a line: its arguments, as a JSON array. */
export const CALLS = "aws-calls.jsonl";

/** Of a statement: the local Data API wants to see a signature, and checks none. */
export const HEADERS = {
  "content-type": "application/json",
  authorization: "AWS4-HMAC-SHA256 Credential=example, Signature=none",
};

const COPIES = {
  RecoveryPoints: [
    { Status: "COMPLETED", CreationDate: "2026-11-25T05:00:00Z", RecoveryPointArn: "arn:aws:rds:older" },
    { Status: "COMPLETED", CreationDate: "2026-11-26T05:00:00Z", RecoveryPointArn: "arn:aws:rds:newest" },
    { Status: "PARTIAL", CreationDate: "2026-11-27T05:00:00Z", RecoveryPointArn: "arn:aws:rds:partial" },
  ],
};

const RESOURCES = [
  ["Recover", "Lambda::Function"],
  ["ApiHandler", "Lambda::Function"],
  ["Migrate", "Lambda::Function"],
  ["Database", "RDS::DBCluster"],
  ["DatabaseSubnets", "RDS::DBSubnetGroup"],
  ["DatabaseSecurityGroup", "EC2::SecurityGroup"],
  ["Site", "CloudFront::Distribution"],
];

/** By operation. */
const ANSWERS: Record<string, unknown> = {
  "list-stack-resources": {
    StackResourceSummaries: RESOURCES.map(([id, type]) => ({
      LogicalResourceId: `${id}0A1B2C3D`,
      PhysicalResourceId: id,
      ResourceType: `AWS::${type}`,
    })),
  },
  "get-function-configuration": {
    Environment: {
      Variables: {
        NOTEJAM_DATABASE_ARN: "arn:aws:rds:eu-west-1:111122223333:cluster:now",
        NOTEJAM_DATABASE_SECRET_ARN: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:application",
      },
    },
  },
  "describe-db-clusters": {
    DBClusters: [{ DBClusterArn: "arn:aws:rds:eu-west-1:111122223333:cluster:beside" }],
  },
  "list-recovery-points-by-backup-vault": COPIES,
  "get-distribution": { Distribution: { DomainName: "d1.cloudfront.net" } },
  "list-secrets": "arn:aws:secretsmanager:eu-north-1:111122223333:secret:DeviceKey0A1B2C3D-4e5F6g",
  "get-secret-value": { username: "application" },
  "get-random-password": "random",
  "filter-log-events": {
    events: [
      {
        message: JSON.stringify({
          time: "2026-11-27T09:00:00.000Z",
          audit: {
            what: "DELETE /api/trash/notes/:id",
            who: "0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a35",
            things: [{ thing: "note 0b8d7c3e-5a1f-4c7e-9f0a-2d6b1e4c8a36", purged: true }],
          },
        }),
      },
    ],
  },
};

const AWS = `
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(CALLS)}, JSON.stringify(args) + "\\n");
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const answers = ${JSON.stringify(ANSWERS)};
if (args[0] === "rds-data") {
  const parameters = option("--parameters")?.replace(/^file:\\/\\/(.*)$/, (_, file) => readFileSync(file, "utf8"));
  const answer = await fetch(process.env.DATA_API + "/Execute", {
    method: "POST",
    headers: ${JSON.stringify(HEADERS)},
    body: JSON.stringify({
      resourceArn: option("--resource-arn"),
      secretArn: option("--secret-arn"),
      database: option("--resource-arn").split(":").at(-1),
      sql: option("--sql"),
      formatRecordsAs: option("--format-records-as") ?? "NONE",
      ...(parameters && { parameters: JSON.parse(parameters) }),
    }),
  });
  const text = await answer.text();
  (answer.ok ? process.stdout : process.stderr).write(text);
  process.exitCode = answer.ok ? 0 : 254;
} else if (args[1] === "invoke") writeFileSync(args.at(-1), "{}");
else {
  const answer = answers[args[1]] ?? "";
  process.stdout.write((typeof answer === "string" ? answer : JSON.stringify(answer)) + "\\n");
}
`;

const NPM = `
import { spawnSync } from "node:child_process";
const args = process.argv.slice(2).filter((one) => one !== "--silent");
if (args[0] === "run" && args[1] === "notes") {
  const { status } = spawnSync(process.execPath, [${JSON.stringify(join(ROOT, "packages/cli/src/main.ts"))}, ...args.slice(3)], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
`;

/** Writes them into a folder, which is to come first in PATH. */
export function writePrograms(folder: string): void {
  mkdirSync(folder);
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), 0o755);
  };
  for (const [name, script] of Object.entries({ aws: AWS, npm: NPM })) {
    writeFileSync(join(folder, `${name}.mjs`), script);
    write(name, `#!/bin/sh\nexec "${process.execPath}" "${join(folder, name)}.mjs" "$@"\n`);
  }
  write("npx", "#!/bin/sh\n");
}
