// Finds the Chromium or Chrome that the browser tests drive, and installs one where there is none. Playwright's own
// download comes last: it is large, and its host is not reachable from everywhere.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run.ts";

/** The variable that names the browser's executable. */
export const BROWSER_VARIABLE = "NOTEJAM_CHROMIUM";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/** Debian's browser, and the fonts without which emoji and most scripts are boxes in a screenshot. */
const PACKAGES = ["chromium", "fonts-noto-core", "fonts-noto-color-emoji"];

type Print = (text: string) => void;

interface Machine {
  environment: NodeJS.ProcessEnv;
  /** Whether packages of the system may be installed. */
  isRoot: boolean;
}
const THIS_MACHINE: Machine = { environment: process.env, isRoot: process.getuid?.() === 0 };

/** No browser can be had, or the one that was named is none; the message is the one line to show. */
export class NoBrowser extends Error {
  override name = "NoBrowser";
}

function isExecutable(path: string) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

/** Ubuntu's `chromium-browser` is a script that asks for a snap: what can't say its version is no browser. */
async function answers(path: string) {
  return (await run(path, ["--version"])).code === 0;
}

/**
 * @param environment where `NOTEJAM_CHROMIUM` and `PATH` are read
 * @returns the executable's path; undefined where there is none
 * @throws NoBrowser where `NOTEJAM_CHROMIUM` names something that is no browser
 */
export async function findBrowser(environment = process.env): Promise<string | undefined> {
  const named = environment[BROWSER_VARIABLE];
  if (named) {
    if (isExecutable(named) && (await answers(named))) return named;
    throw new NoBrowser(`${BROWSER_VARIABLE} is "${named}", which is no browser that runs.`);
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  for (const path of [...candidates, ...MAC_APPLICATIONS]) {
    if (isExecutable(path) && (await answers(path))) return path;
  }
  return undefined;
}

async function installByApt(print: Print, { environment, isRoot }: Machine) {
  const quiet = { env: { PATH: environment.PATH, DEBIAN_FRONTEND: "noninteractive" } };
  if (!isRoot || (await run("apt-get", ["--version"], quiet)).code !== 0) return undefined;
  print(`Installing ${PACKAGES.join(", ")} by apt.\n`);
  await run("apt-get", ["update", "-qq"], quiet);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...PACKAGES], quiet);
  return findBrowser(environment);
}

async function installByPlaywright(print: Print) {
  print("Installing Chromium by Playwright.\n");
  await run("playwright-core", ["install", "chromium"]);
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  return isExecutable(path) && (await answers(path)) ? path : undefined;
}

/**
 * Finds a browser, or installs one.
 * @throws NoBrowser where neither works
 */
export async function provideBrowser(print: Print, machine = THIS_MACHINE): Promise<string> {
  const path =
    (await findBrowser(machine.environment)) ??
    (await installByApt(print, machine)) ??
    (await installByPlaywright(print));
  if (path) return path;
  throw new NoBrowser(
    `No browser: there is none on the PATH, and neither apt nor Playwright could install one. Install Chromium or Chrome, or name one in ${BROWSER_VARIABLE}.`,
  );
}
