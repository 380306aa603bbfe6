// An account on loopback into which SST's command line deploys, and from which it removes: CloudFormation as far as SST asks it, and
// what it needs beside. A deployment ends at once. Tests say which stacks are there, and see what was done to which, in order.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface StubStack {
  status: string;
  outputs: Record<string, string>;
}

export interface StubAccount {
  /** By name. They are Notejam's, and tagged so, unless they are named below. */
  stacks: Record<string, StubStack>;
  /** Each change that was asked for, as in `CreateStack pr-1-notejam-app`. */
  changes: string[];
  /** The address of a stage's site, once it is deployed. */
  siteOf(stage: string): string;
  /** The stacks of another app. */
  foreign: readonly string[];
  /** The identifiers of snapshots of clusters. */
  snapshots: string[];
  /** The stack that can't be changed. */
  refuses?: string | undefined;
  /** Variables with which SST and our own code ask here. */
  environment: Record<string, string | undefined>;
  close(): void;
}

const PREPARED: Record<string, StubStack> = {
  CDKToolkit: { status: "UPDATE_COMPLETE", outputs: { BootstrapVersion: "21", BucketName: "cdk-assets" } },
  SSTBootstrap: { status: "UPDATE_COMPLETE", outputs: { Version: "7.4", BucketName: "sstbootstrap" } },
};

/** @param id twelve digits */
export async function stubAccount(id: string): Promise<StubAccount> {
  const account: StubAccount = {
    stacks: {},
    changes: [],
    foreign: [],
    snapshots: [],
    siteOf: (stage) => `https://${stage}.example.com`,
    environment: {},
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const action = form.get("Action");
    // Of S3, where SST keeps which stages there are: no object is there, and each is taken.
    if (action === null) return response.writeHead(request.method === "GET" ? 404 : 200).end();
    const { status, xml } = answer(id, account, action, form);
    response.writeHead(status, { "content-type": "text/xml" }).end(xml);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  account.environment = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    // A profile would take precedence over the keys.
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_ACCESS_KEY_ID: "example",
    AWS_SECRET_ACCESS_KEY: "example",
    npm_config_offline: "true",
  };
  return account;
}

function answer(id: string, account: StubAccount, action: string, form: URLSearchParams) {
  const { stacks, changes, foreign } = account;
  // CloudFormation takes a stack's ARN too.
  const given = form.get("StackName") ?? "";
  const name = /:stack\/([^/]+)/.exec(given)?.[1] ?? given;
  const stack = stacks[name] ?? PREPARED[name];
  switch (action) {
    case "GetCallerIdentity":
      return ok(action, `<Arn>arn:aws:iam::${id}:user/ana</Arn><Account>${id}</Account>`);
    case "AssumeRole":
      return ok(
        action,
        "<Credentials><AccessKeyId>example</AccessKeyId><SecretAccessKey>example</SecretAccessKey><SessionToken>example</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>",
      );
    case "DescribeStacks": {
      if (given === "")
        return ok(
          action,
          members("Stacks", Object.keys(stacks), (one) => described(one, stacks[one], foreign)),
        );
      if (!stack) return failed(`Stack with id ${name} does not exist`);
      return ok(
        action,
        members("Stacks", [name], () => described(name, stack, foreign)),
      );
    }
    case "CreateStack":
    case "UpdateStack":
      if (name === account.refuses) return failed(`The role may not change ${name}`);
      changes.push(`${action} ${name}`);
      stacks[name] = {
        status: action === "CreateStack" ? "CREATE_COMPLETE" : "UPDATE_COMPLETE",
        outputs: name.endsWith("-app") ? { SiteOrigin: account.siteOf(stageOf(name)) } : {},
      };
      return ok(action, `<StackId>arn:aws:cloudformation:eu-west-1:${id}:stack/${name}/1</StackId>`);
    case "DeleteStack":
      if (name === account.refuses) return failed(`The role may not change ${name}`);
      changes.push(`${action} ${name}`);
      delete stacks[name];
      return ok(action, "");
    case "DescribeStackResources":
      if (!stack) return failed(`Stack with id ${name} does not exist`);
      return ok(
        action,
        members("StackResources", name.endsWith("-data") ? [`${name}-cluster`] : [], (cluster) =>
          [
            element("ResourceType", "AWS::RDS::DBCluster"),
            element("LogicalResourceId", "Database"),
            element("PhysicalResourceId", cluster),
          ].join(""),
        ),
      );
    case "DescribeStackEvents":
      return stack ? ok(action, "") : failed(`Stack with id ${name} does not exist`);
    case "CreateDBClusterSnapshot":
      changes.push(`${action} ${form.get("DBClusterIdentifier")}`);
      account.snapshots.push(form.get("DBClusterSnapshotIdentifier") ?? "");
      return ok(
        action,
        `<DBClusterSnapshot>${snapshot(id, account.snapshots.at(-1) ?? "")}</DBClusterSnapshot>`,
      );
    case "DescribeDBClusterSnapshots":
      return ok(
        action,
        `<DBClusterSnapshots>${account.snapshots
          .filter((one) => [null, one].includes(form.get("DBClusterSnapshotIdentifier")))
          .map((one) => `<DBClusterSnapshot>${snapshot(id, one)}</DBClusterSnapshot>`)
          .join("")}</DBClusterSnapshots>`,
      );
    case "DeleteDBClusterSnapshot": {
      const deleted = form.get("DBClusterSnapshotIdentifier") ?? "";
      changes.push(`${action} ${deleted}`);
      account.snapshots = account.snapshots.filter((one) => one !== deleted);
      return ok(action, "");
    }
    default:
      return failed(`No test needs ${form}`);
  }
}

function snapshot(account: string, name: string): string {
  const arn = `arn:aws:rds:eu-west-1:${account}:cluster-snapshot:${name}`;
  return (
    element("DBClusterSnapshotIdentifier", name) +
    element("DBClusterSnapshotArn", arn) +
    element("Status", "available")
  );
}

function stageOf(stack: string): string {
  return stack.replace(/-notejam-[a-z]+$/, "");
}

function described(name: string, stack: StubStack | undefined, foreign: readonly string[]): string {
  const tags = { "sst:app": foreign.includes(name) ? "another" : "notejam", "sst:stage": stageOf(name) };
  return [
    element("StackName", name),
    element("StackStatus", stack?.status ?? ""),
    "<CreationTime>2026-01-01T00:00:00Z</CreationTime>",
    members(
      "Outputs",
      Object.entries(stack?.outputs ?? {}),
      ([key, value]) => element("OutputKey", key) + element("OutputValue", value),
    ),
    members("Tags", Object.entries(tags), ([key, value]) => element("Key", key) + element("Value", value)),
  ].join("");
}

function members<Item>(name: string, items: readonly Item[], content: (item: Item) => string): string {
  return `<${name}>${items.map((item) => `<member>${content(item)}</member>`).join("")}</${name}>`;
}

function element(name: string, value: string): string {
  return `<${name}>${value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</${name}>`;
}

function ok(action: string, result: string) {
  return {
    status: 200,
    xml: `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
  };
}

function failed(message: string) {
  const error = element("Code", "ValidationError") + element("Message", message);
  return { status: 400, xml: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
}
