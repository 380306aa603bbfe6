// AWS on loopback, as far as `npm run preflight` asks it: an account in which everything is fine, until a test says otherwise.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What is asked, by the name of the operation. */
export interface Asked {
  operation: string;
  /** Of the form, the path or the body, whichever the service uses. */
  parameters: Record<string, string>;
  /** The region for which the request is signed. */
  region: string;
}

/** What the operation's result has inside: elements of XML, or members of JSON. */
type Answer = string | Record<string, unknown> | Refusal;

export class Refusal {
  readonly code: string;
  readonly message: string;
  readonly status: number;

  constructor(code: string, message = "refused by a test", status = 400) {
    this.code = code;
    this.message = message;
    this.status = status;
  }
}

export type Answers = Record<string, (asked: Asked) => Answer>;

const list = (items: readonly string[], element = "member") =>
  items.map((item) => `<${element}>${item}</${element}>`).join("");
export const STACK_MEMBER = (status: string, outputs: Record<string, string> = {}) =>
  `<Stacks>${list([
    `<StackName>s</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus><Outputs>${list(
      Object.entries(outputs).map(
        ([key, value]) => `<OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue>`,
      ),
    )}</Outputs>`,
  ])}</Stacks>`;
export const ORDERABLE = (more: string, zones = ["a", "b", "c"]) =>
  `<OrderableDBInstanceOptions><OrderableDBInstanceOption><Engine>aurora-postgresql</Engine>${more}<AvailabilityZones>${zones
    .map((zone) => `<AvailabilityZone><Name>${zone}</Name></AvailabilityZone>`)
    .join("")}</AvailabilityZones></OrderableDBInstanceOption></OrderableDBInstanceOptions>`;
/** @param account twelve digits */
function everythingFine(account: string): Answers {
  return {
    GetCallerIdentity: () =>
      `<Arn>arn:aws:iam::${account}:user/ana</Arn><UserId>U</UserId><Account>${account}</Account>`,
    DescribeStacks: ({ parameters }) => {
      if (parameters.StackName === "CDKToolkit") {
        return STACK_MEMBER("CREATE_COMPLETE", { BootstrapVersion: "21" });
      }
      if (parameters.StackName === "dev-notejam-app") {
        return STACK_MEMBER("UPDATE_COMPLETE", { StageDatabaseProvider: "notejam-stage-database" });
      }
      return new Refusal("ValidationError", `Stack with id ${parameters.StackName} does not exist`);
    },
    DescribeOrderableDBInstanceOptions: () => ORDERABLE("<SupportsHttpEndpoint>true</SupportsHttpEndpoint>"),
    GetAccountSettings: () => ({
      AccountLimit: { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 },
    }),
    GetAccount: () => ({ ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: "HEALTHY" }),
    GetEmailIdentity: () => ({ VerifiedForSendingStatus: true }),
  };
}

/** Paths of the services whose requests have no name of an operation. */
const PATHS: readonly [RegExp, string][] = [
  [/^\/2016-08-19\/account-settings/, "GetAccountSettings"],
  [/^\/v2\/email\/account/, "GetAccount"],
  [/^\/v2\/email\/identities\/(?<EmailIdentity>[^/?]+)/, "GetEmailIdentity"],
];

export interface AwsStub {
  /** Variables with which a client asks it. */
  environment: Record<string, string>;
  /** All that was asked, in order. */
  asked: Asked[];
  close(): void;
}

export async function awsStub(account: string, different: Answers = {}): Promise<AwsStub> {
  const answers = { ...everythingFine(account), ...different };
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const one = askedBy(request, await text(request));
    asked.push(one);
    const answer = answers[one.operation]?.(one) ?? new Refusal("UnknownOperation", one.operation);
    const json =
      request.headers["x-amz-target"] !== undefined || /^\/(v2|2016-08-19)\//.test(request.url ?? "");
    if (answer instanceof Refusal) {
      const { code, message } = answer;
      const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
      response.writeHead(answer.status, {
        "content-type": json ? "application/json" : "text/xml",
        ...(json && { "x-amzn-errortype": code }),
      });
      response.end(
        json ? JSON.stringify({ __type: code, message }) : `<ErrorResponse>${error}</ErrorResponse>`,
      );
    } else if (typeof answer !== "string") {
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer));
    } else {
      const { operation } = one;
      response
        .setHeader("content-type", "text/xml")
        .end(
          `<${operation}Response><${operation}Result>${answer}</${operation}Result></${operation}Response>`,
        );
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    environment: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "example",
      AWS_SECRET_ACCESS_KEY: "example",
    },
    asked,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function askedBy({ headers, url = "" }: IncomingMessage, body: string): Asked {
  const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "";
  const target = headers["x-amz-target"];
  if (typeof target === "string") {
    return { operation: target.split(".")[1] ?? "", parameters: JSON.parse(body), region };
  }
  for (const [path, operation] of PATHS) {
    const found = path.exec(url);
    if (found) return { operation, parameters: { ...found.groups }, region };
  }
  const { Action: operation = "", ...parameters } = Object.fromEntries(new URLSearchParams(body));
  return { operation, parameters, region };
}
