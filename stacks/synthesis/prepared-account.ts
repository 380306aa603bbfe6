// What is asked of AWS before a stage is synthesised, answered on loopback: who the caller is, whether the account is prepared,
// and what our own code asks: here no stage has a stack yet, and every snapshot can be restored.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Variables with which SST, in this process or another, asks the stand-in. Example keys do: it checks no signature. */
interface PreparedAccount {
  environment: Record<string, string | undefined>;
  close(): void;
}

/** Answers `GetCallerIdentity`, and `DescribeStacks` for the stacks that prepare a region of an account. */
export async function preparedAccount(account: string): Promise<PreparedAccount> {
  const stacks: Record<string, Record<string, string>> = {
    CDKToolkit: { BootstrapVersion: "21", BucketName: "cdk-assets" },
    SSTBootstrap: { Version: "7.4", BucketName: "sstbootstrap" },
    // What a small stage asks for, too.
    "dev-notejam-app": { StageDatabaseProvider: "notejam-stage-database" },
  };
  const server = createServer(async (request, response) => {
    const form = new URLSearchParams(await text(request));
    const [action, name] = [form.get("Action") ?? "", form.get("StackName") ?? ""];
    const result = resultOf(action, account, stacks[name]);
    if (result === undefined) response.statusCode = 400;
    response.setHeader("content-type", "text/xml").end(
      result === undefined
        ? // A stage that is synthesised here is a new one.
          `<ErrorResponse><Error><Code>ValidationError</Code><Message>${name} does not exist, or synthesis does not need ${action}</Message></Error></ErrorResponse>`
        : `<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`,
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      // A profile would take precedence over the keys.
      AWS_PROFILE: undefined,
      AWS_SESSION_TOKEN: undefined,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
      // SST runs npm for each function, to install nothing.
      npm_config_offline: "true",
    },
    close: () => server.close(),
  };
}

/** @param outputs those of the stack that is asked for, if it is there */
function resultOf(
  action: string,
  account: string,
  outputs: Record<string, string> | undefined,
): string | undefined {
  if (action === "GetCallerIdentity") {
    return `<Arn>arn:aws:iam::${account}:root</Arn><Account>${account}</Account>`;
  }
  if (action === "DescribeDBClusterSnapshots") {
    return "<DBClusterSnapshots><DBClusterSnapshot><Engine>aurora-postgresql</Engine><EngineVersion>18.3</EngineVersion><Status>available</Status><MasterUsername>notejam</MasterUsername><StorageEncrypted>true</StorageEncrypted></DBClusterSnapshot></DBClusterSnapshots>";
  }
  if (action !== "DescribeStacks" || !outputs) return undefined;
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<Stacks><member><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join("")}</Outputs></member></Stacks>`;
}
