// Finds the Chromium or Chrome that the browser tests drive, or installs one. Playwright's download is the last choice: it is
// large, and some networks can't reach its host.
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Failed } from "@notejam/command-line";
import { run } from "./run.ts";

/** The variable with the path of the browser's executable. */
export const BROWSER_VARIABLE = "NOTEJAM_CHROMIUM";

/** The same engine takes two thirds of the processor's time without the windows that it would have on a desktop. */
const HEADLESS = "chromium-headless-shell";
const NAMES = [HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPLICATIONS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
/** Debian's browser, and the fonts for emoji and most scripts in screenshots. */
const PACKAGES = [HEADLESS, "fonts-noto-core", "fonts-noto-color-emoji"];

type Print = (text: string) => void;

interface Machine {
  environment: NodeJS.ProcessEnv;
  /** Whether this user may install system packages. */
  isRoot: boolean;
}
const THIS_MACHINE: Machine = { environment: process.env, isRoot: process.getuid?.() === 0 };

function isExecutable(path: string) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

/** Whether a browser prints its version. Ubuntu's `chromium-browser` may be a script that only asks for a snap. */
async function answers(path: string) {
  return (await run(path, ["--version"])).code === 0;
}

/**
 * @param environment has `NOTEJAM_CHROMIUM` and `PATH`
 * @returns the executable's path; undefined if none was found
 * @throws Failed if `NOTEJAM_CHROMIUM` does not name a browser that runs
 */
export async function findBrowser(environment = process.env): Promise<string | undefined> {
  const named = environment[BROWSER_VARIABLE];
  if (named) {
    if (isExecutable(named) && (await answers(named))) return named;
    throw new Failed(`${BROWSER_VARIABLE} is "${named}", which is not a browser that runs.`);
  }
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const path of [...candidates, ...MAC_APPLICATIONS]) {
    if (isExecutable(path) && (await answers(path))) return path;
  }
  return undefined;
}

async function installByApt(print: Print, { environment, isRoot }: Machine) {
  const quiet = { env: { PATH: environment.PATH, DEBIAN_FRONTEND: "noninteractive" } };
  if (!isRoot || (await run("apt-get", ["--version"], quiet)).code !== 0) return undefined;
  print(`Installing ${PACKAGES.join(", ")} with apt.\n`);
  await run("apt-get", ["update", "-qq"], quiet);
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...PACKAGES], quiet);
  return findBrowser(environment);
}

async function installByPlaywright(print: Print) {
  print("Installing Chromium with Playwright.\n");
  await run("playwright-core", ["install", "chromium"]);
  const { chromium } = await import("playwright-core");
  const path = chromium.executablePath();
  return isExecutable(path) && (await answers(path)) ? path : undefined;
}

/**
 * Finds a browser, or installs one.
 * @throws Failed if neither works
 */
export async function provideBrowser(print: Print, machine = THIS_MACHINE): Promise<string> {
  const path =
    (await findBrowser(machine.environment)) ??
    (await installByApt(print, machine)) ??
    (await installByPlaywright(print));
  if (path) return path;
  throw new Failed(
    `No browser was found on the PATH, and neither apt nor Playwright could install one. Install Chromium or Chrome, or set ${BROWSER_VARIABLE} to the path of one.`,
  );
}
