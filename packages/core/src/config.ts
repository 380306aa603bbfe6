// What the code is told by its environment: the one list of variables, which the stacks set on AWS and `npm start` sets on a
// laptop. Which function is told which: functions/src/functions.ts. A value is read when it is used, so a function needs only
// its own, and a missing one is named.

/** Names of the environment variables, by what they hold. */
export const ENV = {
  /** The stage's name: `production`, `dev`, a person's name, `pr-123`, or `local`. */
  stage: "NOTEJAM_STAGE",
  /** ARN of the Aurora cluster. */
  databaseArn: "NOTEJAM_DATABASE_ARN",
  /** ARN of the secret with the database role's password. */
  databaseSecretArn: "NOTEJAM_DATABASE_SECRET_ARN",
  /** Name of the database in the cluster. */
  databaseName: "NOTEJAM_DATABASE_NAME",
  /** Seconds to wait for a database that can't answer at the moment (4 if not set): as long as the caller waits. */
  databaseWaitSeconds: "NOTEJAM_DATABASE_WAIT_SECONDS",
  /** Name of the Lambda function that sends mail. */
  mailFunction: "NOTEJAM_MAIL_FUNCTION",
  /** Sender of every mail, `Notejam <notejam@example.com>`. */
  mailFrom: "NOTEJAM_MAIL_FROM",
  /** What the distribution (or the local gateway) proves itself with, in the header `ORIGIN_SECRET_HEADER`. Unset: the stage has no distribution. */
  originSecret: "NOTEJAM_ORIGIN_SECRET",
  /** In development: where Vite's proxy sends /api and, under `npm run dev`, /_outbox. */
  viteApiOrigin: "NOTEJAM_API_ORIGIN",
  viteOutboxOrigin: "NOTEJAM_OUTBOX_ORIGIN",
  /** Attempts allowed in 15 minutes to one account from one address (10 unless set). */
  attemptsPerAccountAndAddress: "NOTEJAM_ATTEMPTS_PER_ACCOUNT_AND_ADDRESS",
  /** Attempts allowed in 15 minutes to one account (100 unless set). */
  attemptsPerAccount: "NOTEJAM_ATTEMPTS_PER_ACCOUNT",
  /** Attempts allowed in 15 minutes from one address (100 unless set). */
  attemptsPerAddress: "NOTEJAM_ATTEMPTS_PER_ADDRESS",
} as const;

/** @throws Error naming the variable, where it is not set. */
function required(key: keyof typeof ENV): string {
  const value = process.env[ENV[key]];
  if (!value) throw new Error(`The environment variable ${ENV[key]} is not set.`);
  return value;
}

/** @throws Error naming the variable, where it is set to something else than a positive integer. */
function count(key: keyof typeof ENV, otherwise: number): number {
  const value = process.env[ENV[key]];
  if (value === undefined || value === "") return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new Error(`The environment variable ${ENV[key]} must be a positive integer, not "${value}".`);
  }
  return Number(value);
}

/** Each value is read when it is asked for. */
export const config = {
  get stage() {
    return required("stage");
  },
  get database() {
    return {
      resourceArn: required("databaseArn"),
      secretArn: required("databaseSecretArn"),
      database: required("databaseName"),
    };
  },
  get databaseWaitSeconds() {
    return count("databaseWaitSeconds", 4);
  },
  get mailFunction() {
    return required("mailFunction");
  },
  get mailFrom() {
    return required("mailFrom");
  },
  get originSecret(): string | undefined {
    return process.env[ENV.originSecret] || undefined;
  },
  get attempts() {
    return {
      perAccountAndAddress: count("attemptsPerAccountAndAddress", 10),
      perAccount: count("attemptsPerAccount", 100),
      perAddress: count("attemptsPerAddress", 100),
    };
  },
};
