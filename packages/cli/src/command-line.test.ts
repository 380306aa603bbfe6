import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { read, serviceOrigin } from "./command-line.ts";

const folder = tmpdir();

test("what is to be done, where, for whom", () => {
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
  [[], "Say import or export, a folder and --email."],
  [["imports"], 'There is no "imports": it is import or export.'],
  [["import"], "Say which folder to import."],
  [["import", folder, "more"], 'One folder at a time: "more" is one too many.'],
  [["import", folder], "Say which account, by --email."],
  [["import", folder, "--email", "ada"], '--email "ada": Invalid email.'],
  [
    ["import", folder, "--email"],
    "Option '--email <value>' argument missing. See npm run notes -- import --help.",
  ],
  [["export", folder, "--verbose"], "Unknown option '--verbose'. See npm run notes -- export --help."],
  [["export", folder, "--match", "a"], "--match is for an import; an export writes all notes."],
  [
    ["import", folder, "--email", "a@b.de", "--match", "docs/*"],
    /^--match takes a pattern of file names, without folders/,
  ],
  [
    ["import", join(folder, "not-there"), "--email", "a@b.de"],
    `There is no folder ${join(folder, "not-there")}.`,
  ],
] satisfies [string[], string | RegExp][])("%j is answered by what is wrong with it", (args, said) => {
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
  ])("%j is no place to send a password to", (value) => {
    process.env.NOTEJAM_URL = value;

    expect(() => serviceOrigin()).toThrow(/^NOTEJAM_URL must be https:\/\/(?!.*secret)/);
  });
});
