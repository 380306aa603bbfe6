import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ROOT } from "../testing/command.ts";
import { environmentOf, SETTINGS, settingsOf } from "./settings.ts";
import { stageOf } from "./stage.ts";

const ana = stageOf("ana");
const production = stageOf("production");

/** All that production needs. */
const COMPLETE = {
  NOTEJAM_MAIL_FROM: "Notejam <notejam@example.com>",
  NOTEJAM_PRODUCTION_ACCOUNT: "111122223333",
  NOTEJAM_DOMAIN: "notes.example.com",
  NOTEJAM_CERTIFICATE: "arn:aws:acm:us-east-1:111122223333:certificate/0b5c1e0e-93a5-4c4e-9a0a-5d3f3d7c2b11",
  NOTEJAM_HOSTED_ZONE: "Z0123456789ABC",
  NOTEJAM_FAR_REGION: "eu-north-1",
  NOTEJAM_BUSINESS_HOURS: "MON-FRI 7-19",
  NOTEJAM_TIME_ZONE: "Europe/Paris",
};

test("settings are read from the environment", () => {
  expect(settingsOf(production, { ...COMPLETE, NOTEJAM_ALARM_EMAIL: "ops@example.com" })).toMatchObject({
    productionAccount: "111122223333",
    mailFrom: { from: "Notejam <notejam@example.com>", address: "notejam@example.com" },
    site: { name: "notes.example.com", hostedZoneId: "Z0123456789ABC" },
    farRegion: "eu-north-1",
    businessHours: { days: "MON-FRI", from: 7, to: 19, timeZone: "Europe/Paris" },
    alarmEmail: "ops@example.com",
  });
});

test("a person's stage needs none", () => {
  expect(settingsOf(ana, {})).toMatchObject({
    mailFrom: undefined,
    site: undefined,
    businessHours: undefined,
  });
  expect(settingsOf(ana, { NOTEJAM_MAIL_FROM: "" }).mailFrom).toBeUndefined();
});

test.each(Object.keys(COMPLETE))(
  "production needs %s: the message names it, the file and an example",
  (name) => {
    expect(() => settingsOf(production, { ...COMPLETE, [name]: undefined })).toThrow(
      new RegExp(`^${name} is not set: .*\\.env\\.production\\.$`),
    );
  },
);

test.each(["staging", "dev"])("%s needs a sender, and nothing else", (name) => {
  expect(() => settingsOf(stageOf(name), {})).toThrow(
    new RegExp(
      `^NOTEJAM_MAIL_FROM is not set.*"Notejam <notejam@example\\.com>", in the environment or in \\.env\\.${name}\\.$`,
    ),
  );
  expect(settingsOf(stageOf(name), { NOTEJAM_MAIL_FROM: "a@example.com" }).mailFrom?.address).toBe(
    "a@example.com",
  );
});

test.each([
  { from: "notejam@mail.example.com", address: "notejam@mail.example.com" },
  { from: "Notejam, the notes <no-reply+notes@example.com>", address: "no-reply+notes@example.com" },
])("$from is a sender", ({ from, address }) => {
  expect(settingsOf(ana, { NOTEJAM_MAIL_FROM: from }).mailFrom).toEqual({ from, address });
});

const WRONG = {
  NOTEJAM_MAIL_FROM: [
    "Notejam",
    "Notejam <notejam>",
    "notejam@",
    "a@b@c",
    "Notejam a@example.com",
    "<a@b>, <c@d>",
  ],
  NOTEJAM_MAIL_IDENTITY: ["example", "notejam@example.com", "https://example.com"],
  NOTEJAM_PRODUCTION_ACCOUNT: ["12", "1111-2222-3333"],
  NOTEJAM_DOMAIN: [
    "example",
    "https://notes.example.com",
    "notes.example.com/",
    "Notes.example.com",
    "-.example.com",
  ],
  NOTEJAM_CERTIFICATE: ["arn:aws:acm:eu-west-1:111122223333:certificate/0b5c", "0b5c1e0e"],
  NOTEJAM_HOSTED_ZONE: ["example.com", "/hostedzone/Z0123456789ABC"],
  NOTEJAM_DOMAIN_MOVES: ["no", "yes"],
  NOTEJAM_FAR_REGION: ["europe", "eu-west-1a"],
  NOTEJAM_BUSINESS_HOURS: [
    "7-19",
    "MON-FRI",
    "MON-FRI 19-7",
    "MON-FRI 7-24",
    "MON-FRI 5-22",
    "MON-FRI 0-19",
    "MO-FR 7-19",
    "MON-FRI 7:00-19:00",
  ],
  NOTEJAM_TIME_ZONE: ["Paris", "CET+1", "europe/paris"],
  NOTEJAM_ALARM_EMAIL: ["ops", "Ops <ops@example.com>"],
  NOTEJAM_DEVICE_KEY_BEFORE: ["DeviceKey", "arn:aws:kms:eu-north-1:111122223333:key/0b5c1e0e"],
  NOTEJAM_DATABASE_AGAIN: ["the secret is gone", "a/b"],
  NOTEJAM_RESTORE_FROM: ["the one of yesterday", "s3://backups/notejam"],
  NOTEJAM_RELEASE: ["main", "6e7acb6", "6E7ACB6F0D5C4B3A29181706F5E4D3C2B1A09F8E"],
  NOTEJAM_SHIFT: ["canary", "at once"],
  NOTEJAM_NOTES_PER_ACCOUNT: ["-1", "many", "1.5"],
};

test("every setting has wrong values below", () => {
  expect(
    Object.keys(WRONG)
      .filter((name) => name !== "NOTEJAM_NOTES_PER_ACCOUNT")
      .sort(),
  ).toEqual(Object.keys(SETTINGS).sort());
});

test.each(Object.entries(WRONG).flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
  "%s can't be %j: the message names it and what it must be",
  (name, value) => {
    for (const stage of [ana, production]) {
      const settings = () => settingsOf(stage, { ...COMPLETE, [name]: value });
      expect(settings).toThrow(`${name} is "${value}". It must be `);
    }
  },
);

test("every example is right", () => {
  const examples = Object.fromEntries(Object.entries(SETTINGS).map(([name, { example }]) => [name, example]));

  expect(settingsOf(production, examples).site).toMatchObject({ moves: "later" });
});

describe("what belongs together", () => {
  test.each([
    { given: { NOTEJAM_DOMAIN: COMPLETE.NOTEJAM_DOMAIN }, missing: "NOTEJAM_CERTIFICATE" },
    {
      given: { NOTEJAM_DOMAIN: COMPLETE.NOTEJAM_DOMAIN, NOTEJAM_CERTIFICATE: COMPLETE.NOTEJAM_CERTIFICATE },
      missing: "NOTEJAM_HOSTED_ZONE",
    },
    { given: { NOTEJAM_HOSTED_ZONE: "Z1" }, missing: "NOTEJAM_DOMAIN" },
    { given: { NOTEJAM_BUSINESS_HOURS: "MON-FRI 7-19" }, missing: "NOTEJAM_TIME_ZONE" },
    { given: { NOTEJAM_TIME_ZONE: "UTC" }, missing: "NOTEJAM_BUSINESS_HOURS" },
  ])("$given lacks $missing", ({ given, missing }) => {
    expect(() => settingsOf(ana, given)).toThrow(new RegExp(`^${missing} is not set: `));
  });

  test("an identity is the sender's domain, or one that it is below", () => {
    const sender = { NOTEJAM_MAIL_FROM: "notejam@mail.example.com" };

    for (const domain of ["mail.example.com", "example.com"]) {
      expect(settingsOf(ana, { ...sender, NOTEJAM_MAIL_IDENTITY: domain }).mailIdentity).toBe(domain);
    }
    expect(() => settingsOf(ana, { ...sender, NOTEJAM_MAIL_IDENTITY: "ample.com" })).toThrow(
      /^NOTEJAM_MAIL_IDENTITY is "ample\.com", but NOTEJAM_MAIL_FROM sends from notejam@mail\.example\.com/,
    );
  });
});

describe("the files of a stage", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "notejam-settings-"));
    vi.stubEnv("NOTEJAM_FAR_REGION", "us-east-1");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    vi.unstubAllEnvs();
  });
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  test("go over the shell, the stage's own over the common one", () => {
    write(".env", "NOTEJAM_TIME_ZONE=UTC\nNOTEJAM_FAR_REGION=eu-north-1\n");
    write(".env.ana", 'NOTEJAM_MAIL_FROM="Ana <ana@example.com>"\nNOTEJAM_TIME_ZONE=Europe/Paris\n');
    write(".env.staging", "NOTEJAM_FAR_REGION=eu-west-3\n");

    expect(environmentOf(ana, folder)).toMatchObject({
      NOTEJAM_FAR_REGION: "eu-north-1",
      NOTEJAM_TIME_ZONE: "Europe/Paris",
      NOTEJAM_MAIL_FROM: "Ana <ana@example.com>",
    });
  });

  test.each([".env", ".env.local", ".env.ana", ".env.ana.local"])(
    "set nothing else: a name in %s that is no setting is refused, with the file",
    (name) => {
      write(name, "NODE_OPTIONS=--require=./x.js\n");

      expect(() => environmentOf(ana, folder)).toThrow(
        `${name} sets NODE_OPTIONS, which is no setting of a stage.`,
      );
    },
  );

  test.each(["NOTEJAM_RELEASE", "NOTEJAM_SHIFT"])("do not set %s, which is about one deployment", (name) => {
    write(".env.ana", `${name}=x\n`);

    expect(() => environmentOf(ana, folder)).toThrow(
      `.env.ana sets ${name}, which is about one deployment. Set it in the shell.`,
    );
  });

  test("may set the limits", () => {
    write(".env.ana", "NOTEJAM_NOTES_PER_ACCOUNT=7\n");

    expect(settingsOf(ana, environmentOf(ana, folder)).limits).toMatchObject({ notesPerAccount: "7" });
  });
});

test("the README lists the settings, each with its example", () => {
  const readme = readFileSync(join(ROOT, "stacks/README.md"), "utf8");
  const rows = readme.matchAll(/^\| `(NOTEJAM_\w+)` \| `([^`]*)` \|/gm);

  expect([...rows].map(([, name, example]) => [name, example])).toEqual(
    Object.entries(SETTINGS).map(([name, { example }]) => [name, example]),
  );
});
