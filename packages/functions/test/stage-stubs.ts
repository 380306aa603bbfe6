// Secrets Manager and CloudFormation on loopback, as far as the provider of databases asks them.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
import { randomBytes } from "node:crypto";
import { type HttpResponse, jsonText, listen, readBody } from "@notejam/local/aws/loopback";
import { awsError } from "@notejam/local/aws/protocol";

const BODY_MAX_BYTES = 1024 * 1024;

interface KeptSecret {
  arn: string;
  text: string;
  /** It is to be deleted, and can be restored. */
  isDeleted: boolean;
}

/** A call that fails, once. */
interface Failure {
  operation: string;
  /** After: it is done, and then fails. */
  when: "before" | "after";
}

type Input = Record<string, string>;

export class StageStubs {
  /** By name. */
  readonly secrets = new Map<string, KeptSecret>();
  /** Statuses of stacks, by id. */
  readonly stacks = new Map<string, string>();
  /** What was asked, in order. */
  readonly asked: string[] = [];
  failure: Failure | undefined;

  readonly #operations: Record<string, (input: Input) => HttpResponse> = {
    GetSecretValue: ({ SecretId = "" }) => {
      const secret = this.#find(SecretId);
      if (!secret) return NOT_FOUND;
      if (secret.isDeleted) return IS_DELETED;
      return jsonText(200, { ARN: secret.arn, SecretString: secret.text });
    },
    CreateSecret: ({ Name = "", SecretString: text = "" }) => {
      const known = this.secrets.get(Name);
      if (known)
        return known.isDeleted ? IS_DELETED : awsError(400, "ResourceExistsException", "It is there.");
      const arn = `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${Name}-${randomBytes(3).toString("hex")}`;
      this.secrets.set(Name, { arn, text, isDeleted: false });
      return jsonText(200, { ARN: arn, Name });
    },
    PutSecretValue: ({ SecretId = "", SecretString: text = "" }) => {
      const secret = this.#find(SecretId);
      if (!secret) return NOT_FOUND;
      secret.text = text;
      return jsonText(200, { ARN: secret.arn });
    },
    RestoreSecret: ({ SecretId = "" }) => {
      const secret = this.#find(SecretId);
      if (!secret) return NOT_FOUND;
      secret.isDeleted = false;
      return jsonText(200, { ARN: secret.arn });
    },
    // Forced, it succeeds also where there is none.
    DeleteSecret: ({ SecretId = "" }) => {
      this.secrets.delete(SecretId);
      return jsonText(200, { Name: SecretId });
    },
    DescribeStacks: ({ StackName = "" }) => {
      const status = this.stacks.get(StackName);
      if (status === undefined) {
        return xml(
          400,
          `<Error><Code>ValidationError</Code><Message>Stack with id ${StackName} does not exist</Message></Error>`,
        );
      }
      const stack = `<StackName>s</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${status}</StackStatus>`;
      return xml(
        200,
        `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`,
      );
    },
  };

  /** Listens on a free port. */
  async start(): Promise<{ url: string; close(): Promise<void> }> {
    const { port, close } = await listen(0, {
      respond: async (request) => {
        const body = String(await readBody(request, BODY_MAX_BYTES));
        const target = request.headers["x-amz-target"];
        const input: Input = target ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body));
        return this.#answer(target ? String(target).split(".")[1] : input.Action, input);
      },
      fault: (error) => console.error(error),
    });
    return { url: `http://127.0.0.1:${port}`, close };
  }

  #answer(operation = "", input: Input): HttpResponse {
    this.asked.push(operation);
    const { failure } = this;
    const fails = failure?.operation === operation;
    if (fails) this.failure = undefined;
    if (fails && failure.when === "before") return REFUSED;
    const answer =
      this.#operations[operation]?.(input) ?? awsError(400, "UnknownOperationException", operation);
    return fails ? REFUSED : answer;
  }

  #find(nameOrArn: string): KeptSecret | undefined {
    return this.secrets.get(nameOrArn) ?? [...this.secrets.values()].find(({ arn }) => arn === nameOrArn);
  }
}

const NOT_FOUND = awsError(
  400,
  "ResourceNotFoundException",
  "Secrets Manager can't find the specified secret.",
);
const IS_DELETED = awsError(400, "InvalidRequestException", "The secret was marked for deletion.");
const REFUSED = awsError(400, "AccessDeniedException", "refused by a test");

function xml(status: number, body: string): HttpResponse {
  const whole =
    status === 200
      ? `<DescribeStacksResponse>${body}</DescribeStacksResponse>`
      : `<ErrorResponse>${body}</ErrorResponse>`;
  return { status, headers: { "content-type": "text/xml" }, body: whole };
}
