// All environment variables. The stacks set them on AWS, and `npm start` sets them on a laptop; functions/src/functions.ts lists
// which function gets which. A value is read when it is used, so a function needs only its own variables. The error for a missing
// variable names it.

/** The variables of the limits, which the environment of `npm start` or of a deployment may set. */
export const LIMITS = {
  /** Attempts allowed in 15 minutes on one account from one address, one device or one session (default 10). */
  attemptsPerAccountAndAddress: "NOTEJAM_ATTEMPTS_PER_ACCOUNT_AND_ADDRESS",
  /** Attempts allowed in 15 minutes on one account (default 100). */
  attemptsPerAccount: "NOTEJAM_ATTEMPTS_PER_ACCOUNT",
  /** Attempts allowed in 15 minutes from one address, and sign-ups in an hour (default 100); ten times as many from an IPv6 /48. */
  attemptsPerAddress: "NOTEJAM_ATTEMPTS_PER_ADDRESS",
  /** Notes that an account can have, including those in the trash (default 100,000). */
  notesPerAccount: "NOTEJAM_NOTES_PER_ACCOUNT",
  /** Megabytes (2^20 bytes) of text that an account can have, with its earlier states (default 2,048). */
  textMegabytesPerAccount: "NOTEJAM_TEXT_MEGABYTES_PER_ACCOUNT",
  /** Megabytes (2^20 bytes) of text that an account can write in an hour, earlier states included (default 64). */
  textMegabytesPerHour: "NOTEJAM_TEXT_MEGABYTES_PER_HOUR",
} as const;

/** The names of the environment variables. */
export const ENV = {
  /** The stage's name: `production`, `dev`, a developer's name, `pr-123`, or `local`. */
  stage: "NOTEJAM_STAGE",
  /** ARN of the Aurora cluster. */
  databaseArn: "NOTEJAM_DATABASE_ARN",
  /** ARN of the secret with the name and password of the database role that the function uses. */
  databaseSecretArn: "NOTEJAM_DATABASE_SECRET_ARN",
  /** ARN of the application role's secret, whose password the migrate function sets. Unset: it makes no such role. */
  applicationSecretArn: "NOTEJAM_APPLICATION_SECRET_ARN",
  /** Name of the database in the cluster. */
  databaseName: "NOTEJAM_DATABASE_NAME",
  /**
   * On a shared cluster: the role that owns the database and its tables. The migrate function switches to it. Unset: the
   * migrate function logs in as the owner.
   */
  databaseOwnerRole: "NOTEJAM_DATABASE_OWNER_ROLE",
  /** Seconds to wait for a database that can't answer at the moment (default 4). */
  databaseWaitSeconds: "NOTEJAM_DATABASE_WAIT_SECONDS",
  /** Name of the Lambda function that sends mail. */
  mailFunction: "NOTEJAM_MAIL_FUNCTION",
  /** Sender of every mail, `Notejam <notejam@example.com>`. */
  mailFrom: "NOTEJAM_MAIL_FROM",
  /** The secret that the distribution (or the local gateway) sends in `ORIGIN_SECRET_HEADER`. Unset: the stage has no distribution. */
  originSecret: "NOTEJAM_ORIGIN_SECRET",
  /** The keys that sign the cookies of devices, with commas between. The first signs; the others are still valid. */
  deviceKeys: "NOTEJAM_DEVICE_KEYS",
  /** In development: where Vite's proxy sends /api and, under `npm run dev`, /_outbox and /_jobs. */
  viteApiOrigin: "NOTEJAM_API_ORIGIN",
  viteOutboxOrigin: "NOTEJAM_OUTBOX_ORIGIN",
  ...LIMITS,
} as const;

/** The database's name on a laptop, and on a cluster that no stages share. */
export const DATABASE_NAME = "notejam";

/** @throws Error naming the variable, if it is not set */
function required(key: keyof typeof ENV): string {
  const value = process.env[ENV[key]];
  if (!value) throw new Error(`The environment variable ${ENV[key]} is not set.`);
  return value;
}

/** @throws Error naming the variable, if it is not a positive integer */
function count(key: keyof typeof ENV, defaultValue: number): number {
  const value = process.env[ENV[key]];
  if (value === undefined || value === "") return defaultValue;
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new Error(`The environment variable ${ENV[key]} must be a positive integer, not "${value}".`);
  }
  return Number(value);
}

/** Each value is read from the environment when it is used. */
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
  /** @throws Error naming the variable, if it is not the name of a role that needs no quotes */
  get databaseOwnerRole(): string | undefined {
    const value = process.env[ENV.databaseOwnerRole] || undefined;
    if (value === undefined || /^[a-z_][a-z0-9_]{0,62}$/.test(value)) return value;
    throw new Error(`The environment variable ${ENV.databaseOwnerRole} must be the name of a role.`);
  },
  get applicationSecretArn(): string | undefined {
    return process.env[ENV.applicationSecretArn] || undefined;
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
  /**
   * Undefined if the stage has no distribution. The API then trusts API Gateway alone. So an empty value is refused: in a stage
   * that has a distribution, the API would answer requests that bypass it.
   * @throws Error naming the variable, if it is set but empty
   */
  get originSecret(): string | undefined {
    const value = process.env[ENV.originSecret];
    if (value?.trim() !== "") return value;
    throw new Error(`The environment variable ${ENV.originSecret} is empty. Set the secret, or remove it.`);
  },
  /** None: cookies of devices are not signed. */
  get deviceKeys(): string[] {
    return (process.env[ENV.deviceKeys] ?? "").split(",").filter(Boolean);
  },
  get notesPerAccount() {
    return count("notesPerAccount", 100_000);
  },
  get bytesPerAccount() {
    return count("textMegabytesPerAccount", 2048) * 1024 * 1024;
  },
  get bytesPerHour() {
    return count("textMegabytesPerHour", 64) * 1024 * 1024;
  },
  get rateLimits() {
    return {
      perAccountAndAddress: count("attemptsPerAccountAndAddress", 10),
      perAccount: count("attemptsPerAccount", 100),
      perAddress: count("attemptsPerAddress", 100),
    };
  },
};
