// Notejam on this machine, put together as the stacks put it together on AWS: database, functions, and the one address
// before them. Where the functions' code and the web app come from is what `npm start` and `npm run dev` differ in.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type DataApiServer, DataDirectoryError, startDataApi } from "@notejam/data-api";
import { FUNCTIONS } from "@notejam/functions/bundle";
import { serveAwsEndpoints } from "./aws/endpoints.ts";
import { LambdaFunction } from "./aws/lambda/worker-function.ts";
import type { Listening } from "./aws/loopback.ts";
import { Outbox } from "./aws/ses/outbox.ts";
import type { FunctionModules } from "./build.ts";
import { type Gateway, startGateway, type Web } from "./distribution/distribution.ts";
import { functionEnvironments } from "./environments.ts";
import { type Print, RequestLog } from "./log.ts";
import { startOverPostgres } from "./postgres.ts";
import type { Settings } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

/** Name of the embedded database. */
const DATABASE_NAME = "notejam";

/** Where the code comes from. */
export interface Sources {
  functions(): Promise<FunctionModules>;
  web(): Promise<Web>;
  /** Ends what keeps looking at the sources. */
  close?(): Promise<void>;
}

/** Everything that runs, from its start to its end. */
export class Service {
  readonly #settings: Settings;
  readonly #print: Print;
  /** Parts as they come, to be closed whatever has come. */
  #gateway: Gateway | undefined;
  #log: RequestLog | undefined;
  #sources: Sources | undefined;
  #dataApi: Promise<DataApiServer> | undefined;
  #endpoints: Listening | undefined;
  #deploy: ((name: keyof FunctionModules, module: URL) => LambdaFunction) | undefined;
  #functions: Record<"api" | "mail", LambdaFunction> | undefined;
  #closed: Promise<void> | undefined;

  constructor(settings: Settings, print: Print) {
    this.#settings = settings;
    this.#print = print;
  }

  /**
   * @returns the address, `http://localhost:3000`
   * @throws StartFailure
   */
  async start(sources: Sources): Promise<string> {
    const { port, dataDir } = this.#settings;
    this.#sources = sources;
    this.#gateway = await takePort(port, (error) =>
      this.#print(`${error instanceof Error ? error.stack : error}\n`),
    );
    makeDataDirectory(dataDir);
    this.#log = openLog(dataDir, this.#print);
    this.#dataApi = startDatabase(this.#settings);
    const [modules, web, dataApi] = await Promise.all([sources.functions(), sources.web(), this.#dataApi]);

    const outbox = new Outbox(this.#print);
    const functions: Record<string, LambdaFunction> = {};
    this.#endpoints = await serveAwsEndpoints({ functions, outbox, log: this.#log });
    const aws = `http://127.0.0.1:${this.#endpoints.port}`;
    const originSecret = randomBytes(32).toString("base64url");
    const endpoints = { dataApi: dataApi.url, lambda: aws, ses: aws };
    const environments = functionEnvironments(endpoints, databaseName(this.#settings), originSecret);
    this.#deploy = deployer(environments, this.#log);

    await this.#migrate(modules.migrate);
    const api = this.#deploy("api", modules.api);
    const mail = this.#deploy("mail", modules.mail);
    this.#functions = { api, mail };
    functions.mail = mail;
    api.warmUp();
    this.#gateway.open({ api, web, outbox, log: this.#log, originSecret });
    return `http://localhost:${this.#gateway.port}`;
  }

  /** Goes on with new code, its migrations first, as a deployment does. */
  async reload(modules: FunctionModules): Promise<void> {
    if (!this.#functions || this.#closed) return;
    await this.#migrate(modules.migrate);
    this.#functions.api.load(modules.api);
    this.#functions.mail.load(modules.mail);
  }

  /** Ends all of it: what is under way is answered first. May be called at any time, and again. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close() {
    await this.#gateway?.close();
    await Promise.all(Object.values(this.#functions ?? {}).map((one) => one.close()));
    await this.#endpoints?.close();
    await this.#sources?.close?.();
    // Where it did not start, `start` has said why.
    const dataApi = await this.#dataApi?.catch(() => undefined);
    await dataApi?.close();
    await this.#log?.close();
  }

  /** @throws StartFailure where a migration fails */
  async #migrate(module: URL) {
    const migrate = this.#deploy?.("migrate", module);
    const outcome = await migrate?.invoke("{}");
    await migrate?.close();
    if (!outcome || "payload" in outcome) return;
    this.#log?.fault("migrate", outcome.error);
    throw new StartFailure("The database can't be brought up to date: see the error above.");
  }
}

function deployer(environments: ReturnType<typeof functionEnvironments>, log: RequestLog) {
  return (name: keyof FunctionModules, module: URL) =>
    new LambdaFunction(module, {
      name,
      handler: "handler",
      environment: environments[name],
      memoryMegabytes: FUNCTIONS[name].memoryMegabytes,
      timeoutSeconds: FUNCTIONS[name].timeoutSeconds,
      onLine: (line) => log.write(line),
    });
}

async function takePort(port: number, fault: (error: unknown) => void): Promise<Gateway> {
  try {
    return await startGateway(port, fault);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const another = `Choose another one: PORT=${port >= 1024 && port < 65_535 ? port + 1 : 8080} npm start`;
    if (code === "EADDRINUSE")
      throw new StartFailure(`Port ${port} is in use by another program. ${another}`);
    if (code === "EACCES") throw new StartFailure(`Port ${port} is not for this user. ${another}`);
    throw new StartFailure(`Port ${port} can't be used: ${message}`);
  }
}

/** Its content is for this user alone. */
function makeDataDirectory(path: string) {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const isFile = code === "EEXIST" || code === "ENOTDIR";
    throw new StartFailure(
      `The data directory ${path} can't be used: ${isFile ? "there is a file by that name" : (error as Error).message}.`,
    );
  }
}

function openLog(dataDir: string, print: Print): RequestLog {
  try {
    return new RequestLog(join(dataDir, "log.jsonl"), print);
  } catch (error) {
    throw new StartFailure(`The data directory ${dataDir} can't be used: ${(error as Error).message}.`);
  }
}

async function startDatabase(settings: Settings): Promise<DataApiServer> {
  const { databaseUrl, dataDir } = settings;
  if (databaseUrl) return startOverPostgres(databaseUrl, databaseName(settings));
  try {
    return await startDataApi({
      databases: { [DATABASE_NAME]: { kind: "pglite", dataDir: join(dataDir, "database") } },
    });
  } catch (error) {
    if (error instanceof DataDirectoryError) throw new StartFailure(error.message);
    throw error;
  }
}

function databaseName({ databaseUrl }: Settings): string {
  return databaseUrl ? decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) : DATABASE_NAME;
}
