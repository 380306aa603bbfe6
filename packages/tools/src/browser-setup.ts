// Sets NOTEJAM_CHROMIUM, the Chromium that the browser tests drive, for runs without `npm test`.
import { Failed } from "@notejam/command-line";
import { BROWSER_VARIABLE, findBrowser } from "./browser.ts";

export default async function setup() {
  const path = await findBrowser();
  if (!path) {
    throw new Failed(
      `No browser was found. Run npm test once, or set ${BROWSER_VARIABLE} to the path of one.`,
    );
  }
  process.env[BROWSER_VARIABLE] = path;
}
