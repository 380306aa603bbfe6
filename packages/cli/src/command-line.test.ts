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

test("a check says what it checks", () => {
  const note = "0B8D7C3E-5a1f-4c7e-9f0a-2d6b1e4c8a35";
  const email = "ada@example.com";

  expect(read(["verify", "--email", email, "--note", note])).toEqual({
    command: "verify",
    email,
    note: note.toLowerCase(),
    log: undefined,
  });
  expect(read(["manifest", join(folder, "list.json"), "--email", email])).toEqual({
    command: "manifest",
    email,
    file: join(folder, "list.json"),
  });
  expect(read(["compare", import.meta.filename, "--email", email, "--log", import.meta.filename])).toEqual({
    command: "compare",
    email,
    file: import.meta.filename,
    log: import.meta.filename,
  });
  expect(read(["job", "thin"])).toEqual({ command: "job", name: "thin" });
});

test.each([
  [["--help"]],
  [["import", "--help"]],
  [["export", "-h"]],
  [["verify", "--help"]],
  [["manifest", "--help"]],
  [["compare", "--help"]],
  [["job", "--help"]],
])("%j shows how it is used", (args) => {
  expect(read(args)).toContain("Usage: npm run notes -- ");
});

test.each([
  [[], "Give a command: import, export, verify, manifest, compare, purged, job."],
  [
    ["imports"],
    'Unknown command "imports": use one of import, export, verify, manifest, compare, purged, job.',
  ],
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
  [["verify", "all", "--email", "a@b.de"], 'verify takes options only: "all" is too many.'],
  [["verify", "--email", "a@b.de", "--note", "1"], '--note "1" is not the id of a note.'],
  [
    ["verify", "--email", "a@b.de", "--log", join(folder, "not-there")],
    `${join(folder, "not-there")} is not a file.`,
  ],
  [["manifest", "--email", "a@b.de"], "Give a file to write."],
  [["manifest", "a", "--email", "a@b.de", "--log", "b"], "manifest has no option --log."],
  [["compare", join(folder, "not-there"), "--email", "a@b.de"], "is not a file."],
  [["purged"], "Give a file with lines of the log."],
  [["purged", join(folder, "not-there")], "is not a file."],
  [["job"], "Give a job."],
  [["job", "thin", "sweep"], 'Give one job only: "sweep" is too many.'],
  [["job", "thin", "--email", "a@b.de"], "job has no option --email. See npm run notes -- job --help."],
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
