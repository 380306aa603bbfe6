// Notejam on this machine, put together as the stacks put it together on AWS: the database, the functions of the registry,
// what invokes them, and the site's address in front. `npm start` and `npm run dev` differ in where the functions' code comes
// from, and in the front.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { makeFolder, reasonOf } from "@notejam/command-line/folder";
import {
  type LocalService,
  removeLocalService,
  serviceFile,
  writeLocalService,
} from "@notejam/command-line/local-service";
import type { ApplicationRole } from "@notejam/core/administration/application-role";
import { DATABASE_NAME } from "@notejam/core/config";
import { type DataApiServer, DataDirectoryError, type Secret, startDataApi } from "@notejam/data-api";
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from "@notejam/functions/functions";
import { embeddedRole, roleOf, SECRET_ARNS } from "./application-role.ts";
import { HttpApi } from "./aws/api-gateway/http-api.ts";
import { serveEndpoints } from "./aws/endpoints.ts";
import { AsyncInvocations } from "./aws/lambda/invoke.ts";
import { ENVIRONMENTS_MAX, WorkerFunction } from "./aws/lambda/worker-function.ts";
import type { Listening } from "./aws/loopback.ts";
import { Scheduler } from "./aws/scheduler.ts";
import { Outbox } from "./aws/ses/outbox.ts";
import type { FunctionModules } from "./build.ts";
import { deviceKeyOf } from "./device-key.ts";
import { functionEnvironments } from "./environments.ts";
import { Clients } from "./fairness/clients.ts";
import { Turns } from "./fairness/turns.ts";
import { answerWhenFull, type Front } from "./front.ts";
import { Jobs } from "./jobs.ts";
import { describeMail, type Print, RequestLog } from "./log.ts";
import { onceFree } from "./once-free.ts";
import { checkPostgres, startOverPostgres } from "./postgres.ts";
import type { Settings } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

/** Requests that wait for the API. On AWS each would have an environment of its own. */
const WAITING_MAX = 96;

/** Where the functions' code comes from, and what answers at the site's address. */
export interface Sources {
  functions(): Promise<FunctionModules>;
  front: Front;
  /** Stops watching the sources. */
  close?(): Promise<void>;
}

/** Everything that runs, from its start to its end. */
export class Service {
  readonly #settings: Settings;
  readonly #print: Print;
  readonly #outbox = new Outbox();
  /** What opens the database, the secrets and the jobs of this start: other users of the machine can reach their ports. */
  readonly #key = randomBytes(32).toString("base64url");
  /** Parts in the order in which they start; closing ends those that are there. */
  #sources: Sources | undefined;
  #log: RequestLog | undefined;
  #database: Promise<StartedDatabase> | undefined;
  #later: AsyncInvocations | undefined;
  #endpoints: Listening | undefined;
  #scheduler: Scheduler | undefined;
  #environments: ReturnType<typeof functionEnvironments> | undefined;
  /** All but those that run at a deployment only, or for stages on AWS. */
  readonly #functions: Partial<Record<FunctionName, WorkerFunction>> = {};
  #local: LocalService | undefined;
  readonly #ending = new AbortController();
  #closed: Promise<void> | undefined;

  constructor(settings: Settings, print: Print) {
    this.#settings = settings;
    this.#print = print;
  }

  /**
   * @returns where it is
   * @throws StartFailure
   */
  async start(sources: Sources): Promise<LocalService> {
    const { port, dataDir } = this.#settings;
    const originSecret = randomBytes(32).toString("base64url");
    this.#sources = sources;
    await sources.front.take(port);
    makeDataDirectory(dataDir);
    const log = openLog(dataDir, this.#print);
    this.#log = log;
    this.#database = startDatabase(this.#settings, this.#key, this.#ending.signal, this.#print);
    const [modules, { dataApi, role }] = await Promise.all([
      sources.functions(),
      this.#database,
      sources.front.prepare(originSecret),
    ]);

    const onFault = log.fault.bind(log);
    const later = new AsyncInvocations(onFault);
    this.#later = later;
    this.#endpoints = await serveEndpoints({
      functions: this.#functions,
      later,
      deliver: (mail) => {
        this.#print(describeMail(mail));
        return this.#outbox.add(mail);
      },
      secrets: role ? { [SECRET_ARNS.application]: JSON.stringify(role) } : {},
      accessKeyId: this.#key,
      onFault,
    });
    const aws = `http://127.0.0.1:${this.#endpoints.port}`;
    const endpoints = { rdsData: dataApi.url, lambda: aws, sesv2: aws, secretsManager: aws };
    const database = { databaseName: databaseName(this.#settings), hasApplicationRole: role !== undefined };
    this.#environments = functionEnvironments(endpoints, this.#key, database, {
      originSecret,
      deviceKeys: deviceKeyOf(dataDir),
    });

    await this.#deploy(modules);
    const api = this.#functionThatAnswers();
    api.warmUp();
    this.#scheduler = new Scheduler(later);
    this.#scheduler.start(this.#schedules());
    const origin = sources.front.open({
      api: new HttpApi({
        integration: api,
        onFault,
        admission: takingTurns(originSecret),
      }),
      outbox: this.#outbox,
      jobs: new Jobs(
        this.#schedules().map(({ target }) => target),
        this.#key,
      ),
    });
    this.#local = { origin, key: this.#key, outbox: origin + this.#outbox.target };
    writeServiceFile(dataDir, this.#local);
    return this.#local;
  }

  /** What reaches the database as the API does, once the service has started. */
  get environment(): Record<string, string> {
    return this.#environments?.api ?? {};
  }

  /** Continues with new code: its migrations first, as in a deployment. */
  async reload(modules: FunctionModules): Promise<void> {
    if (!this.#scheduler || this.#closed) return;
    await this.#deploy(modules);
  }

  /** Ends everything; requests under way are answered first. May be called at any time, and again. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close() {
    this.#ending.abort();
    this.#scheduler?.stop();
    if (this.#local) removeLocalService(this.#settings.dataDir, this.#local);
    await this.#sources?.front.close();
    this.#later?.stop();
    await Promise.all(Object.values(this.#functions).map((one) => one.close()));
    await this.#endpoints?.close();
    await this.#sources?.close?.();
    // If it did not start, `start` has said why.
    const started = await this.#database?.catch(() => undefined);
    await started?.dataApi.close();
    await this.#log?.close();
  }

  /** @throws StartFailure if a function that runs at a deployment fails */
  async #deploy(modules: FunctionModules) {
    for (const name of FUNCTION_NAMES) {
      if (FUNCTIONS[name].trigger === "deployment") await this.#runOnce(name, modules[name]);
    }
    for (const name of FUNCTION_NAMES) {
      const { trigger } = FUNCTIONS[name];
      if (trigger === "deployment" || trigger === "stages") continue;
      const running = this.#functions[name];
      if (running) running.load(modules[name]);
      else this.#functions[name] = this.#create(name, modules[name]);
    }
  }

  async #runOnce(name: FunctionName, module: URL) {
    const created = this.#create(name, module);
    const outcome = await created.invoke("{}");
    await created.close();
    if ("payload" in outcome) return;
    this.#log?.fault(name, outcome.error);
    throw new StartFailure("The database can't be brought up to date: see the error above.");
  }

  #create(name: FunctionName, module: URL): WorkerFunction {
    const { memoryMegabytes, timeoutSeconds } = FUNCTIONS[name];
    return new WorkerFunction(module, {
      name,
      handler: "handler",
      environment: this.#environments?.[name] ?? {},
      memoryMegabytes,
      timeoutSeconds,
      onLine: (line) => this.#log?.write(line),
    });
  }

  #functionThatAnswers(): WorkerFunction {
    const name = FUNCTION_NAMES.find((one) => FUNCTIONS[one].trigger === "http");
    const found = name && this.#functions[name];
    if (!found) throw new Error("No function of the registry answers requests.");
    return found;
  }

  #schedules() {
    return FUNCTION_NAMES.flatMap((name) => {
      const { trigger } = FUNCTIONS[name];
      const target = this.#functions[name];
      return typeof trigger === "object" && target ? [{ target, everyHours: trigger.everyHours }] : [];
    });
  }
}

function takingTurns(originSecret: string): Turns {
  const clients = new Clients(originSecret);
  return new Turns({
    running: ENVIRONMENTS_MAX,
    waiting: WAITING_MAX,
    refusal: answerWhenFull,
    clientOf: (request) => clients.of(request),
    answered: (request, response) => clients.learn(request, response),
  });
}

function makeDataDirectory(path: string) {
  try {
    makeFolder(path);
  } catch (error) {
    const { path: failed = path } = error as NodeJS.ErrnoException;
    const which = failed === path ? "" : `${failed} can't be made: `;
    throw new StartFailure(`The data directory ${path} can't be used: ${which}${reasonOf(error)}.`);
  }
}

function openLog(dataDir: string, print: Print): RequestLog {
  const file = join(dataDir, "log.jsonl");
  try {
    return new RequestLog(file, print);
  } catch (error) {
    throw new StartFailure(`The file ${file} can't be written: ${reasonOf(error)}.`);
  }
}

function writeServiceFile(dataDir: string, service: LocalService) {
  try {
    writeLocalService(dataDir, service);
  } catch (error) {
    throw new StartFailure(`The file ${serviceFile(dataDir)} can't be written: ${(error as Error).message}.`);
  }
}

interface StartedDatabase {
  dataApi: DataApiServer;
  /** The application's role; undefined if there is none, and everything works as the owner. */
  role: ApplicationRole | undefined;
}

async function startDatabase(
  settings: Settings,
  accessKeyId: string,
  ending: AbortSignal,
  print: Print,
): Promise<StartedDatabase> {
  const { databaseUrl, dataDir } = settings;
  if (databaseUrl) {
    const name = databaseName(settings);
    const notice = await checkPostgres(databaseUrl, name, accessKeyId);
    if (notice) print(`${notice}\n`);
    const role = notice ? undefined : roleOf(dataDir);
    return { dataApi: await startOverPostgres(databaseUrl, name, secretsOf(role), accessKeyId), role };
  }
  const role = embeddedRole();
  const start = () =>
    startDataApi({
      databases: { [DATABASE_NAME]: { kind: "pglite", dataDir: join(dataDir, "database") } },
      secrets: secretsOf(role),
      accessKeyId,
    });
  const isInUse = (error: unknown) => error instanceof DataDirectoryError && error.inUse;
  try {
    return { dataApi: await onceFree(start, isInUse, ending), role };
  } catch (error) {
    if (error instanceof DataDirectoryError) throw new StartFailure(error.message);
    throw error;
  }
}

function secretsOf(role: ApplicationRole | undefined): Record<string, Secret> {
  return { [SECRET_ARNS.owner]: "owner", [SECRET_ARNS.application]: role ?? "owner" };
}

function databaseName({ databaseUrl }: Settings): string {
  return databaseUrl ? decodeURIComponent(new URL(databaseUrl).pathname.slice(1)) : DATABASE_NAME;
}
