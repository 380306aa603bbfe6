import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { read, serviceOrigin } from "./command-line.ts";

const folder = tmpdir();

test("the command line says what to do, where, for which account", () => {
  expect(read(["import", folder, "--email", " Ada@Example.com", "--match", "README*"])).toEqual({
    command: "import",
    folder,
    email: "ada@example.com",
    pattern: "README*",
  });
  expect(read(["export", "--email=ada@example.com", join(folder, "not-yet")])).toEqual({
    command: "export",
    folder: join(folder, "not-yet"),
    email: "ada@example.com",
    pattern: undefined,
  });
});

test.each([[["--help"]], [["import", "--help"]], [["export", "-h"]]])("%j shows how it is used", (args) => {
  expect(read(args)).toContain("Usage: npm run notes -- ");
});

test.each([
  [[], "Give import or export, a folder and --email."],
  [["imports"], 'Unknown command "imports": use import or export.'],
  [["import"], "Give a folder to import."],
  [["import", folder, "more"], 'Give one folder only: "more" is too many.'],
  [["import", folder], "Give the account's email with --email."],
  [["import", folder, "--email", "ada"], '--email "ada": Invalid email.'],
  [
    ["import", folder, "--email"],
    "Option '--email <value>' argument missing. See npm run notes -- import --help.",
  ],
  [["export", folder, "--verbose"], "Unknown option '--verbose'. See npm run notes -- export --help."],
  [["export", folder, "--match", "a"], "--match is only for import; an export writes all notes."],
  [
    ["import", folder, "--email", "a@b.de", "--match", "docs/*"],
    /^--match takes a pattern of file names, without folders/,
  ],
  [
    ["import", join(folder, "not-there"), "--email", "a@b.de"],
    `${join(folder, "not-there")} is not a folder.`,
  ],
] satisfies [string[], string | RegExp][])("%j fails with what is wrong", (args, said) => {
  expect(() => read(args)).toThrow(said);
});

describe("the service", () => {
  const before = process.env.NOTEJAM_URL;
  afterEach(() => {
    if (before === undefined) delete process.env.NOTEJAM_URL;
    else process.env.NOTEJAM_URL = before;
  });

  test.each([
    ["", "http://localhost:3000"],
    ["http://127.0.0.1:4000/", "http://127.0.0.1:4000"],
    ["http://[::1]:4000", "http://[::1]:4000"],
    ["https://notes.example.com", "https://notes.example.com"],
  ])("%j is at %s", (value, origin) => {
    process.env.NOTEJAM_URL = value;

    expect(serviceOrigin()).toBe(origin);
  });

  test.each([
    "notes.example.com",
    "http://notes.example.com",
    "https://notes.example.com/api",
    "https://ada:secret@notes.example.com",
    "file:///etc/passwd",
  ])("%j is refused, since a password must not be sent there", (value) => {
    process.env.NOTEJAM_URL = value;

    expect(() => serviceOrigin()).toThrow(/^NOTEJAM_URL must be https:\/\/(?!.*secret)/);
  });
});
