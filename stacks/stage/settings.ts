// What a deployment is told: one list of environment variables, each with its form. They are set in the environment of the
// deployment, or in the files that SST reads. In those files any other name is refused: it would reach every process that a
// deployment starts.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { ENV, LIMITS } from "@notejam/core/config";
import { configuredBy } from "@notejam/functions/functions";
import { VisibleError } from "sst/error.js";
import { type AnyStage, isRegion } from "./stage.ts";

export interface Settings {
  /** The account that only `production` is deployed into. */
  productionAccount?: string;
  mailFrom?: Sender;
  /** The domain whose identity in SES this stage makes; at most one stage of an account and region. */
  mailIdentity?: string;
  site?: Domain;
  /** Where a second copy of the backups is kept. */
  farRegion?: string;
  businessHours?: BusinessHours;
  /** Who is told of alarms. */
  alarmEmail?: string;
  /** The recovery point or snapshot that the stage's cluster was made from. */
  restoreFrom?: string;
  /** ARN of the copy of the device key of the region that the stage has moved from. */
  deviceKeyBefore?: string;
  /** Another value has dev's provider make the stage's database, roles and secret anew where they are missing. */
  databaseAgain?: string;
  /** The commit that is deployed. */
  release?: string;
  /** New code takes over at once, whatever the alarms say; otherwise as the stage's kind has it. */
  shift?: "at-once";
  /** Passed on to the functions as they are: the limits of attempts, notes and texts. */
  limits: ReturnType<typeof configuredBy>;
}

export interface Sender {
  /** As it is written in the mail, `Notejam <notejam@example.com>`. */
  from: string;
  /** `notejam@example.com` */
  address: string;
}

export interface Domain {
  /** `notes.example.com` */
  name: string;
  /** ARN of its certificate, in us-east-1, where CloudFront reads certificates. */
  certificateArn: string;
  hostedZoneId: string;
  /**
   * In a move from another region: `later` while the other region's distribution has the domain, so that this one gets the
   * certificate alone; `done` when it was handed over, and its addresses were written by hand.
   */
  moves?: "later" | "done";
}

/** In a time zone of IANA. */
export interface BusinessHours {
  /** As EventBridge writes days: `MON-FRI`. */
  days: string;
  /** The first hour, 0 to 23. */
  from: number;
  /** The hour at which they end, 1 to 23. */
  to: number;
  timeZone: string;
}

interface Setting {
  /** What it is, for the message. */
  form: string;
  /** What the README and messages show, and `npm run synth` uses. */
  example: string;
  matches: RegExp | ((value: string) => boolean);
  /** It is about one deployment, so no file may set it: a file holds for all of them. */
  once?: true;
}

const DOMAIN_NAME = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const ADDRESS = /^(?:[^<>@]+<([^\s<>@]+@[^\s<>@]+)>|([^\s<>@]+@[^\s<>@]+))$/;
const HOURS = /^([A-Z]{3}(?:-[A-Z]{3})?) (\d{1,2})-(\d{1,2})$/;
/** The rest of the day is for backups and maintenance. */
const HOURS_MAX = 16;
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** All settings but the limits of `functions/src/functions.ts`. README.md has the same list. */
export const SETTINGS = {
  [ENV.mailFrom]: {
    form: "an address, or a name with one",
    example: "Notejam <notejam@example.com>",
    matches: ADDRESS,
  },
  NOTEJAM_MAIL_IDENTITY: { form: "a domain", example: "example.com", matches: DOMAIN_NAME },
  NOTEJAM_PRODUCTION_ACCOUNT: { form: "an AWS account", example: "111122223333", matches: /^\d{12}$/ },
  NOTEJAM_DOMAIN: { form: "a domain", example: "notes.example.com", matches: DOMAIN_NAME },
  NOTEJAM_CERTIFICATE: {
    form: "the ARN of a certificate in us-east-1, where CloudFront reads certificates",
    example: "arn:aws:acm:us-east-1:111122223333:certificate/0b5c1e0e-93a5-4c4e-9a0a-5d3f3d7c2b11",
    matches: /^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
  },
  NOTEJAM_HOSTED_ZONE: {
    form: "the id of a hosted zone",
    example: "Z0123456789ABC",
    matches: /^Z[A-Z0-9]+$/,
  },
  NOTEJAM_DOMAIN_MOVES: { form: "later, or done", example: "later", matches: /^(later|done)$/ },
  NOTEJAM_FAR_REGION: { form: "an AWS region", example: "eu-north-1", matches: isRegion },
  NOTEJAM_BUSINESS_HOURS: {
    form: "days and hours, 16 hours at most",
    example: "MON-FRI 7-19",
    matches: (value) => hoursOf(value) !== undefined,
  },
  NOTEJAM_TIME_ZONE: { form: "a time zone", example: "Europe/Paris", matches: isTimeZone },
  NOTEJAM_ALARM_EMAIL: {
    form: "an address",
    example: "ops@example.com",
    matches: /^[^\s<>@]+@[^\s<>@]+$/,
  },
  NOTEJAM_RESTORE_FROM: {
    form: "the ARN or the identifier of a snapshot of a cluster, as AWS Backup's recovery points are",
    example: "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:awsbackup:job-1c9b",
    matches: /^[\w:-]+$/,
  },
  NOTEJAM_DEVICE_KEY_BEFORE: {
    form: "the ARN of a secret",
    example: "arn:aws:secretsmanager:eu-north-1:111122223333:secret:DeviceKey0A1B2C3D-4e5F6g",
    matches: /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-\w{6}$/,
  },
  NOTEJAM_DATABASE_AGAIN: {
    form: "letters, digits and hyphens",
    example: "2026-11-27",
    matches: /^[\w-]+$/,
  },
  NOTEJAM_RELEASE: {
    form: "a commit, 40 hexadecimal digits",
    example: "6e7acb6f0d5c4b3a29181706f5e4d3c2b1a09f8e",
    matches: /^[0-9a-f]{40}$/,
    once: true,
  },
  NOTEJAM_SHIFT: { form: "at-once", example: "at-once", matches: /^at-once$/, once: true },
} as const satisfies Record<string, Setting>;

/** A command sets this for one deployment, to say whose branch it is. It is no setting: no file may set it. */
export const BRANCH_VARIABLE = "NOTEJAM_BRANCH";

type Name = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS) as Name[];

const LIMIT_NAMES: string[] = Object.values(LIMITS);

/** What production can't do without, and why. */
const NEEDED_BY_PRODUCTION: Partial<Record<Name, string>> = {
  NOTEJAM_PRODUCTION_ACCOUNT: "no other account may be production's",
  NOTEJAM_DOMAIN: "without a domain of its own the site's address changes when it moves to another region",
  NOTEJAM_FAR_REGION: "backups of one region alone would be lost with it",
  NOTEJAM_BUSINESS_HOURS: "the database is kept larger in them, and backed up and upgraded outside",
};

/**
 * The settings of a stage.
 * @param environment what SST sees: the shell's variables, overridden by those of the files
 * @throws VisibleError naming the variable, what is wrong with it and what would be right
 */
export function settingsOf(stage: AnyStage, environment: NodeJS.ProcessEnv): Settings {
  const read = (name: Name): string | undefined => {
    const value = environment[name]?.trim();
    if (!value) return undefined;
    const { matches }: Setting = SETTINGS[name];
    if (typeof matches === "function" ? matches(value) : matches.test(value)) return value;
    throw new VisibleError(`${name} is "${value}". It must be ${rightFor(name)}.`);
  };
  const values = Object.fromEntries(NAMES.map((name) => [name, read(name)])) as Partial<Record<Name, string>>;

  const need = (name: Name, why: string): string => {
    const value = values[name];
    if (value) return value;
    throw new VisibleError(
      `${name} is not set: ${why}. Set it for ${stage.name} to ${rightFor(name)}, in the environment or in .env.${stage.name}.`,
    );
  };
  if (stage.kind === "production") {
    for (const [name, why] of Object.entries(NEEDED_BY_PRODUCTION)) need(name as Name, why);
  }
  if (stage.fixed && stage.kind !== "vault") need(ENV.mailFrom, "mails are sent from it");
  const mailFrom = senderOf(values[ENV.mailFrom]);

  return {
    productionAccount: values.NOTEJAM_PRODUCTION_ACCOUNT,
    mailFrom,
    mailIdentity: identityOf(values.NOTEJAM_MAIL_IDENTITY, mailFrom),
    site: domainOf(values, need),
    farRegion: values.NOTEJAM_FAR_REGION,
    businessHours: businessHoursOf(values, need),
    alarmEmail: values.NOTEJAM_ALARM_EMAIL,
    restoreFrom: values.NOTEJAM_RESTORE_FROM,
    deviceKeyBefore: values.NOTEJAM_DEVICE_KEY_BEFORE,
    databaseAgain: values.NOTEJAM_DATABASE_AGAIN,
    release: values.NOTEJAM_RELEASE,
    shift: values.NOTEJAM_SHIFT as Settings["shift"],
    limits: limitsOf(environment),
  };
}

/**
 * Settings with which every stage can be synthesised: what it needs, as the README shows it.
 * @param account the one that production is synthesised for
 */
export function exampleSettings(stage: AnyStage, account: string): Record<string, string> {
  const examples = (names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, SETTINGS[name].example]));
  if (stage.kind !== "production") return examples([ENV.mailFrom]);
  const needed = Object.keys(NEEDED_BY_PRODUCTION) as Name[];
  const alongside = ["NOTEJAM_CERTIFICATE", "NOTEJAM_HOSTED_ZONE", "NOTEJAM_TIME_ZONE"] as const;
  return { ...examples([ENV.mailFrom, ...needed, ...alongside]), NOTEJAM_PRODUCTION_ACCOUNT: account };
}

function rightFor(name: Name): string {
  const { form, example } = SETTINGS[name];
  return `${form}, such as "${example}"`;
}

type Values = Partial<Record<Name, string>>;
type Need = (name: Name, why: string) => string;

function senderOf(from: string | undefined): Sender | undefined {
  const address = from && ADDRESS.exec(from);
  return address ? { from, address: (address[1] ?? address[2]) as string } : undefined;
}

function identityOf(domain: string | undefined, sender: Sender | undefined): string | undefined {
  if (!domain || !sender || `.${sender.address.split("@")[1]}`.endsWith(`.${domain}`)) return domain;
  throw new VisibleError(
    `NOTEJAM_MAIL_IDENTITY is "${domain}", but ${ENV.mailFrom} sends from ${sender.address}. Name the sender's domain, or one that it is below.`,
  );
}

/** With a limit that is no number, the API would refuse every request. */
function limitsOf(environment: NodeJS.ProcessEnv): ReturnType<typeof configuredBy> {
  for (const name of LIMIT_NAMES) {
    const value = environment[name];
    if (value && !/^[1-9]\d{0,8}$/.test(value)) {
      throw new VisibleError(`${name} is "${value}". It must be a positive integer.`);
    }
  }
  return configuredBy(environment);
}

function domainOf(values: Values, need: Need): Domain | undefined {
  const { NOTEJAM_DOMAIN: name, NOTEJAM_CERTIFICATE: certificate, NOTEJAM_HOSTED_ZONE: zone } = values;
  if (!name && !certificate && !zone && !values.NOTEJAM_DOMAIN_MOVES) return undefined;
  return {
    name: need("NOTEJAM_DOMAIN", "the certificate and the hosted zone are for it"),
    certificateArn: need("NOTEJAM_CERTIFICATE", `${name} needs a certificate`),
    hostedZoneId: need("NOTEJAM_HOSTED_ZONE", `${name} gets its addresses there`),
    moves: values.NOTEJAM_DOMAIN_MOVES as Domain["moves"],
  };
}

function businessHoursOf(values: Values, need: Need): BusinessHours | undefined {
  if (!values.NOTEJAM_BUSINESS_HOURS && !values.NOTEJAM_TIME_ZONE) return undefined;
  const hours = hoursOf(need("NOTEJAM_BUSINESS_HOURS", "NOTEJAM_TIME_ZONE is for it"));
  const timeZone = need("NOTEJAM_TIME_ZONE", "hours are of a time zone");
  return hours && { ...hours, timeZone };
}

/** Of `MON-FRI 7-19`; undefined if it is not of that form. */
function hoursOf(written: string): Omit<BusinessHours, "timeZone"> | undefined {
  const [, days = "", first, last] = HOURS.exec(written) ?? [];
  const [from, to] = [Number(first), Number(last)];
  const known = days.split("-").every((day) => DAYS.includes(day));
  return known && from < to && to <= 23 && to - from <= HOURS_MAX ? { days, from, to } : undefined;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return /^[A-Z]\w*(\/[\w+-]+)*$/.test(name);
  } catch {
    return false;
  }
}

/** The files that SST reads for a stage, in its order. A later file overrides an earlier one, and each overrides the shell. */
export function filesOf(stage: AnyStage): string[] {
  return [".env", ".env.local", `.env.${stage.name}`, `.env.${stage.name}.local`];
}

/**
 * The environment as SST will have it when the stacks are composed.
 * @param root the folder of the files
 * @throws VisibleError naming the file and the variable, if a file sets one that is no setting, or is about one deployment
 */
export function environmentOf(stage: AnyStage, root: string): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const file of filesOf(stage)) {
    const path = join(root, file);
    if (!existsSync(path)) continue;
    for (const [name, value] of Object.entries(parseEnv(readFileSync(path, "utf8")))) {
      if (!(name in SETTINGS) && !LIMIT_NAMES.includes(name)) {
        throw new VisibleError(
          `${file} sets ${name}, which is no setting of a stage. stacks/README.md lists them; set anything else in the shell.`,
        );
      }
      const setting: Setting | undefined = SETTINGS[name as Name];
      if (setting?.once) {
        throw new VisibleError(`${file} sets ${name}, which is about one deployment. Set it in the shell.`);
      }
      environment[name] = value;
    }
  }
  return environment;
}
