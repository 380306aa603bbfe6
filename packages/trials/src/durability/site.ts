// The service as it is deployed: the distribution, API Gateway, an alias of the API's function, and the built functions in
// environments of their own, over a database whose faults can be planned.
import { ENV } from "@notejam/core/config";
import { type PurgedThen, purgedIn } from "@notejam/core/trash/purged-log";
import type { DataApiServer } from "@notejam/data-api";
import type { Audit } from "@notejam/functions/audit";
import { FUNCTIONS } from "@notejam/functions/functions";
import { HttpApi } from "@notejam/local/aws/api-gateway/http-api";
import type { LambdaFunction, Outcome } from "@notejam/local/aws/lambda/handler";
import { WorkerFunction } from "@notejam/local/aws/lambda/worker-function";
import { plainText } from "@notejam/local/aws/loopback";
import { Outbox } from "@notejam/local/aws/ses/outbox";
import type { FunctionModules } from "@notejam/local/build";
import { startDistribution } from "@notejam/local/distribution/distribution";
import { functionEnvironments } from "@notejam/local/environments";
import { Jobs } from "@notejam/local/jobs";
import { SECRETS, startDatabase } from "../../../core/test/database.ts";

/** An alias of a function: a share of its events goes to the new version, as Lambda's weighted alias sends it. */
export class Alias implements LambdaFunction {
  readonly name = "api";
  /** The version that gets all other events. */
  current: LambdaFunction;
  /** The new one, and its share from 0 to 1. */
  next: { version: LambdaFunction; share: number } | undefined;
  /** How many events it has had, and how many of them went to either version while both had a share. */
  events = 0;
  readonly shared = { current: 0, next: 0 };
  readonly #chance: () => number;

  /** @param chance draws from 0 to 1 */
  constructor(current: LambdaFunction, chance: () => number) {
    this.current = current;
    this.#chance = chance;
  }

  invoke(event: string, gone?: AbortSignal): Promise<Outcome> {
    this.events++;
    const { next } = this;
    const isNext = next !== undefined && this.#chance() < next.share;
    if (next) this.shared[isNext ? "next" : "current"]++;
    return (isNext ? next.version : this.current).invoke(event, gone);
  }
}

export interface Site {
  origin: string;
  dataApi: DataApiServer;
  /** The links of states that the log has, by the thing and its version. */
  links: { thing: string; version: number; link: string }[];
  /** What was deleted for ever, as the log has it. */
  purged: PurgedThen[];
  /** Errors of the service itself. */
  faults: unknown[];
  alias: Alias;
  /** A version of the API's function. */
  version(modules: FunctionModules): LambdaFunction;
  /** Runs the migrations of a deployment. @returns the names of those that it applied */
  migrate(modules: FunctionModules): Promise<string[]>;
  close(): Promise<void>;
}

export interface SiteOptions {
  /** A PostgreSQL for a new database there; else it is a new PGlite. */
  postgresUrl: string | undefined;
  modules: FunctionModules;
  /** How long a request waits for a database that is away. */
  databaseWaitSeconds?: number;
  /** Draws from 0 to 1, for what share of the events a new version gets. */
  chance?: () => number;
}

const SECRET = "the distribution's secret";

export async function startSite({
  postgresUrl,
  modules,
  chance = () => 1,
  ...options
}: SiteOptions): Promise<Site> {
  const dataApi = await startDatabase(postgresUrl);
  // All users sign up from one address.
  process.env[ENV.attemptsPerAddress] = "10000";
  const nowhere = "http://127.0.0.1:1";
  const endpoints = { rdsData: dataApi.url, lambda: nowhere, sesv2: nowhere, secretsManager: nowhere };
  // The database has the application's role already.
  const database = { databaseName: process.env[ENV.databaseName] ?? "", hasApplicationRole: false };
  const environments = functionEnvironments(endpoints, "local", database, {
    originSecret: SECRET,
    deviceKeys: SECRET,
  });
  for (const name of ["api", "migrate"] as const) {
    environments[name][ENV.databaseSecretArn] = SECRETS[FUNCTIONS[name].database];
  }
  const { databaseWaitSeconds = FUNCTIONS.api.databaseWaitSeconds } = options;
  environments.api[ENV.databaseWaitSeconds] = String(databaseWaitSeconds);
  const links: Site["links"] = [];
  const purged: PurgedThen[] = [];
  const faults: unknown[] = [];
  const versions: WorkerFunction[] = [];
  const create = (name: "api" | "migrate", code: FunctionModules) => {
    const { memoryMegabytes, timeoutSeconds } = FUNCTIONS[name];
    const version = new WorkerFunction(code[name], {
      name,
      handler: "handler",
      environment: environments[name],
      memoryMegabytes,
      timeoutSeconds,
      onLine(line) {
        if (line.includes('"link":')) links.push(...linksIn(JSON.parse(line)));
        purged.push(...purgedIn([line]));
      },
    });
    versions.push(version);
    return version;
  };
  const alias = new Alias(create("api", modules), chance);
  const distribution = await startDistribution(0, (error) => void faults.push(error));
  distribution.open({
    api: new HttpApi({ integration: alias, onFault: (_, error) => void faults.push(error) }),
    outbox: new Outbox(),
    jobs: new Jobs([], SECRET),
    web: { respond: async () => plainText(404, "There is no page here.") },
    originSecret: SECRET,
  });
  return {
    origin: `http://localhost:${distribution.port}`,
    dataApi,
    links,
    purged,
    faults,
    alias,
    version: (code) => create("api", code),
    async migrate(code) {
      const outcome = await create("migrate", code).invoke("{}");
      if ("error" in outcome) throw new Error(outcome.error.errorMessage);
      return JSON.parse(outcome.payload).applied;
    },
    async close() {
      await distribution.close();
      await Promise.all(versions.map((version) => version.close()));
      await dataApi.close();
    },
  };
}

/** The links of states in a line of the log. */
function linksIn({ audit: { things = [] } }: { audit: Audit }): Site["links"] {
  return things.flatMap(({ thing, version, link }) => (version && link ? [{ thing, version, link }] : []));
}
