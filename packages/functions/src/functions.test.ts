// The registry of the functions is consistent. The stacks' tests show that AWS gets what it says.
import { existsSync } from "node:fs";
import { ENV } from "@notejam/core/config";
import { describe, expect, test } from "vitest";
import {
  configuredBy,
  environmentOf,
  FUNCTION_NAMES,
  FUNCTIONS,
  invokedBy,
  variablesOf,
} from "./functions.ts";

/** Seconds that one call of the Data API may take (core/src/db/client.ts). */
const CALL_SECONDS = 20;

describe.each(FUNCTION_NAMES)("the function %s", (name) => {
  const entry = FUNCTIONS[name];

  test("has a file, which has a test beside it", () => {
    expect(existsSync(new URL(`${entry.entry}.ts`, import.meta.url))).toBe(true);
    expect(existsSync(new URL(`${entry.entry}.test.ts`, import.meta.url))).toBe(true);
  });

  test("waits for the database as long as its caller does: seconds for a request, else until a cluster has woken", () => {
    const isRequest = entry.trigger === "http";

    expect(entry.databaseWaitSeconds).toBeGreaterThanOrEqual(isRequest ? 3 : 120);
    if (isRequest) expect(entry.databaseWaitSeconds).toBeLessThanOrEqual(5);
  });

  test("has time for a call after it has waited for the database", () => {
    expect(entry.timeoutSeconds).toBeGreaterThan(entry.databaseWaitSeconds + CALL_SECONDS);
  });

  test("may invoke only other functions of the registry", () => {
    for (const { invoke } of invokedBy(entry)) {
      expect(FUNCTION_NAMES).toContain(invoke);
      expect(invoke).not.toBe(name);
    }
  });

  test("gets only the variables that its entry lists and that have a value", () => {
    const values = Object.fromEntries(Object.keys(ENV).map((variable) => [variable, `the ${variable}`]));

    const environment = environmentOf(entry, values);

    const listed = variablesOf(entry);
    expect(Object.keys(environment).sort()).toEqual(listed.map((variable) => ENV[variable]).sort());
    expect(environment[ENV.stage]).toBe("the stage");
    expect(environment[ENV.databaseWaitSeconds]).toBe(String(entry.databaseWaitSeconds));
    expect(environmentOf(entry, { stage: "" })).not.toHaveProperty(ENV.stage);
  });
});

test("each function has its own id", () => {
  const ids = FUNCTION_NAMES.map((name) => FUNCTIONS[name].id);

  expect(new Set(ids).size).toBe(ids.length);
});

test("only two functions work as the database's owner, and one reads the application's secret", () => {
  const owners = FUNCTION_NAMES.filter((name) => FUNCTIONS[name].database === "owner");
  const readers = FUNCTION_NAMES.filter((name) => FUNCTIONS[name].permissions.includes("applicationSecret"));
  const told = FUNCTION_NAMES.filter((name) => variablesOf(FUNCTIONS[name]).includes("applicationSecretArn"));

  expect([owners, readers, told]).toEqual([["migrate", "stageDatabase"], ["migrate"], ["migrate"]]);
});

test("a small stage has three functions, and only dev has the one that makes databases for others", () => {
  const madeIn = (where: string) => FUNCTION_NAMES.filter((name) => FUNCTIONS[name].madeIn === where);

  expect([madeIn("every stage"), madeIn("dev")]).toEqual([["api", "mail", "migrate"], ["stageDatabase"]]);
});

test("only the API answers requests", () => {
  expect(FUNCTION_NAMES.filter((name) => FUNCTIONS[name].trigger === "http")).toEqual(["api"]);
});

test("only the limits can be set in the environment of a deployment", () => {
  const everything = Object.fromEntries(Object.values(ENV).map((name) => [name, `the ${name}`]));

  expect(configuredBy(everything)).toEqual({
    attemptsPerAccountAndAddress: `the ${ENV.attemptsPerAccountAndAddress}`,
    attemptsPerAccount: `the ${ENV.attemptsPerAccount}`,
    attemptsPerAddress: `the ${ENV.attemptsPerAddress}`,
    notesPerAccount: `the ${ENV.notesPerAccount}`,
    textMegabytesPerAccount: `the ${ENV.textMegabytesPerAccount}`,
    textMegabytesPerHour: `the ${ENV.textMegabytesPerHour}`,
  });
});
