// What stands in for CloudFormation and RDS when a stage is synthesised in a test: the stacks and snapshots that a test says are
// there, and none by default.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Snapshot {
  Engine: string;
  EngineVersion: string;
  Status: string;
  MasterUsername: string;
  StorageEncrypted: string;
}

/** What a stage can be made from. */
export const RESTORABLE: Snapshot = {
  Engine: "aurora-postgresql",
  EngineVersion: "18.5",
  Status: "available",
  MasterUsername: "notejam",
  StorageEncrypted: "true",
};

export interface Account {
  /** Outputs by the names of stacks. */
  stacks: Record<string, { status: string; outputs: Record<string, string> }>;
  /** By what a question names them: ARN or identifier. */
  snapshots: Record<string, Snapshot>;
  /** The names of stacks that are not there, of those that are by default. */
  missing: readonly string[];
  /** The questions, in order. */
  asked: URLSearchParams[];
  /** Variables with which SST and our own code ask here. */
  environment: Record<string, string | undefined>;
}

/** @param id twelve digits */
export async function startAccount(id: string): Promise<Account> {
  const account: Account = {
    stacks: {},
    missing: [],
    snapshots: {},
    asked: [],
    environment: {},
  };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    account.asked.push(form);
    const { status, body } = answer(id, account, form);
    response.writeHead(status, { "content-type": "text/xml" }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It ends with the process.
  server.unref();
  account.environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
  };
  return account;
}

/** The stacks that prepare a region of an account, as SST looks for them under `sst dev`, and dev, on whose cluster small stages are. */
const PREPARED: Account["stacks"] = {
  CDKToolkit: { status: "UPDATE_COMPLETE", outputs: { BootstrapVersion: "21", BucketName: "cdk-assets" } },
  SSTBootstrap: { status: "UPDATE_COMPLETE", outputs: { Version: "7.4", BucketName: "sstbootstrap" } },
  "dev-notejam-app": {
    status: "UPDATE_COMPLETE",
    outputs: { StageDatabaseProvider: "notejam-stage-database" },
  },
};

function answer(
  id: string,
  { stacks, missing, snapshots }: Account,
  form: URLSearchParams,
): { status: number; body: string } {
  if (form.get("Action") === "GetCallerIdentity") {
    return ok("GetCallerIdentity", elements({ Account: id }));
  }
  if (form.get("Action") === "DescribeStacks") {
    const there = Object.entries({ ...PREPARED, ...stacks }).filter(([name]) => !missing.includes(name));
    // Without a name, all are meant.
    const name = form.get("StackName");
    const meant = there.filter(([one]) => name === null || one === name);
    if (name !== null && meant.length === 0) {
      return failed("ValidationError", `Stack with id ${name} does not exist`);
    }
    return ok(
      "DescribeStacks",
      `<Stacks>${meant.map(([one, stack]) => member(one, stack)).join("")}</Stacks>`,
    );
  }
  if (form.get("Action") === "DescribeDBClusterSnapshots") {
    const name = form.get("DBClusterSnapshotIdentifier") ?? "";
    const snapshot = snapshots[name];
    if (!snapshot) return failed("DBClusterSnapshotNotFoundFault", `DBClusterSnapshot ${name} not found.`);
    return ok(
      "DescribeDBClusterSnapshots",
      `<DBClusterSnapshots><DBClusterSnapshot>${elements({ ...snapshot })}</DBClusterSnapshot></DBClusterSnapshots>`,
    );
  }
  return failed("InvalidAction", `No test needs ${form}`);
}

function member(name: string, { status, outputs }: Account["stacks"][string]): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member>${elements({ OutputKey: key, OutputValue: value })}</member>`,
  );
  return `<member><Outputs>${members.join("")}</Outputs>${elements({ StackName: name, StackStatus: status })}</member>`;
}

function elements(values: Record<string, string>): string {
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${escaped(value)}</${name}>`)
    .join("");
}

function ok(action: string, result: string) {
  const body = `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`;
  return { status: 200, body };
}

function failed(Code: string, Message: string) {
  return {
    status: 400,
    body: `<ErrorResponse><Error>${elements({ Code, Message })}</Error></ErrorResponse>`,
  };
}
