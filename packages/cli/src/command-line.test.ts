import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Misused } from "@notejam/command-line";
import { writeLocalService } from "@notejam/command-line/local-service";
import { afterAll, describe, expect, test, vi } from "vitest";
import { type Acts, notesCommand, serviceOrigin } from "./command-line.ts";

const folder = tmpdir();

/** @returns the command that was asked for, with its argument and options */
async function read(args: string[]): Promise<[name: string, ...given: unknown[]]> {
  let asked: [string, ...unknown[]] = [""];
  const acts = new Proxy({} as Acts, {
    get:
      (_, name: string) =>
      async (...given: unknown[]) => {
        asked = [name, ...given];
      },
  });
  await notesCommand(acts).parseAsync(args, { from: "user" });
  return asked;
}

test("the command line says what to do, where, for which account", async () => {
  expect(await read(["import", folder, "--email", " Ada@Example.com", "--match", "README*"])).toEqual([
    ...["import", folder],
    { email: "ada@example.com", match: "README*" },
  ]);
  expect(await read(["export", "--email=ada@example.com", join(folder, "not-yet")])).toEqual([
    ...["export", join(folder, "not-yet")],
    { email: "ada@example.com" },
  ]);
});

test("a check says what it checks", async () => {
  const note = "0B8D7C3E-5a1f-4c7e-9f0a-2d6b1e4c8a35";
  const email = "ada@example.com";
  const file = import.meta.filename;

  expect(await read(["verify", "--email", email, "--note", note])).toEqual([
    "verify",
    { email, note: note.toLowerCase() },
  ]);
  expect(await read(["manifest", join(folder, "list.json"), "--email", email])).toEqual([
    ...["manifest", join(folder, "list.json")],
    { email },
  ]);
  expect(await read(["compare", file, "--email", email, "--log", file])).toEqual([
    ...["compare", file],
    { email, log: file },
  ]);
  expect(await read(["purged", file])).toEqual(["purged", file]);
  expect(await read(["job", "thin"])).toEqual(["job", "thin"]);
});

test.each([
  [["--help"]],
  [["import", "--help"]],
  [["export", "-h"]],
  [["verify", "--help"]],
  [["manifest", "--help"]],
  [["compare", "--help"]],
  [["job", "--help"]],
])("%j shows how it is used", async (args) => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  const shown = await read(args).catch((error) => error.code);
  const said = write.mock.calls.join("");
  write.mockRestore();

  expect(shown).toBe("commander.helpDisplayed");
  expect(said).toContain("Usage: npm run notes -- ");
  for (const variable of ["NOTEJAM_PASSWORD", "NOTEJAM_URL"]) expect(said).toContain(variable);
});

const invalid = (what: string, given: string, why: string) =>
  `${what} argument '${given}' is invalid. ${why}`;

test.each([
  [["imports"], "Unknown command 'imports'. Did you mean import?"],
  [["import", "--email", "a@b.de"], "Missing required argument 'folder'."],
  [["import", folder, "more", "--email", "a@b.de"], /^Too many arguments for 'import'.* more\./],
  [["import", folder], "Required option '--email <account>' not specified."],
  [["import", folder, "--email", "ada"], invalid("Option '--email <account>'", "ada", "Invalid email.")],
  [["import", folder, "--email"], "Option '--email <account>' argument missing."],
  [["export", folder, "--email", "a@b.de", "--verbose"], "Unknown option '--verbose'."],
  [["export", "", "--email", "a@b.de"], "It must be a path."],
  [["export", folder, "--email", "a@b.de", "--match", "a"], "Unknown option '--match'."],
  [
    ["import", folder, "--email", "a@b.de", "--match", "docs/*"],
    invalid("Option '--match <pattern>'", "docs/*", "It must be a pattern of file names, without folders"),
  ],
  [["import", join(folder, "not-there"), "--email", "a@b.de"], "not-there is not a folder."],
  [["verify", "all", "--email", "a@b.de"], /^Too many arguments for 'verify'.* all\./],
  [
    ["verify", "--email", "a@b.de", "--note", "1"],
    invalid("Option '--note <id>'", "1", "It is not the id of a note."),
  ],
  [["verify", "--email", "a@b.de", "--log", join(folder, "not-there")], "not-there is not a file."],
  [["manifest", "--email", "a@b.de"], "Missing required argument 'file'."],
  [["manifest", "a", "--email", "a@b.de", "--log", "b"], "Unknown option '--log'."],
  [["compare", join(folder, "not-there"), "--email", "a@b.de"], "is not a file."],
  [["purged"], "Missing required argument 'file'."],
  [["purged", join(folder, "not-there")], "is not a file."],
  [["job"], "Missing required argument 'name'."],
  [["job", "thin", "sweep"], /^Too many arguments for 'job'.* sweep\./],
  [["job", "thin", "--email", "a@b.de"], "Unknown option '--email'. See npm run notes -- job --help."],
] satisfies [string[], string | RegExp][])("%j fails with what is wrong", async (args, said) => {
  const reading = read(args);

  await expect(reading).rejects.toThrow(Misused);
  await expect(reading).rejects.toThrow(said);
});

describe("the service", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "notejam-command-line-"));
  writeLocalService(dataDir, { origin: "http://localhost:4567", key: "key", outbox: "" });
  afterAll(() => rmSync(dataDir, { recursive: true }));
  const EMPTY = join(dataDir, "empty");

  test.each([
    [{ NOTEJAM_DATA_DIR: EMPTY }, "http://localhost:3000"],
    [{ NOTEJAM_DATA_DIR: EMPTY, PORT: "8080" }, "http://localhost:8080"],
    [{ NOTEJAM_DATA_DIR: dataDir }, "http://localhost:4567"],
    [{ NOTEJAM_DATA_DIR: dataDir, PORT: "0" }, "http://localhost:4567"],
    [{ NOTEJAM_DATA_DIR: dataDir, PORT: "8080" }, "http://localhost:8080"],
    [{ PORT: "8080", NOTEJAM_URL: "http://127.0.0.1:4000/" }, "http://127.0.0.1:4000"],
    [{ NOTEJAM_URL: "http://[::1]:4000" }, "http://[::1]:4000"],
    [{ NOTEJAM_URL: "https://notes.example.com" }, "https://notes.example.com"],
  ])("of %j is at %s", (environment, origin) => {
    expect(serviceOrigin(environment)).toBe(origin);
  });

  test.each([
    "notes.example.com",
    "http://notes.example.com",
    "https://notes.example.com/api",
    "https://ada:secret@notes.example.com",
    "file:///etc/passwd",
  ])("%j is refused, since a password must not be sent there", (value) => {
    expect(() => serviceOrigin({ NOTEJAM_URL: value })).toThrow(
      /^NOTEJAM_URL must be https:\/\/(?!.*secret)/,
    );
  });

  test.each(["web", "-1", "65536"])("PORT=%s is refused by its name", (PORT) => {
    expect(() => serviceOrigin({ PORT })).toThrow("PORT must be a whole number from 0 to 65535");
  });
});
