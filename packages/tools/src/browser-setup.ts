// Sets NOTEJAM_CHROMIUM, the Chromium that the browser tests drive, for runs without `npm test`.
import { BROWSER_VARIABLE, findBrowser, NoBrowser } from "./browser.ts";

export default async function setup() {
  const path = await findBrowser();
  if (!path) {
    throw new NoBrowser(
      `No browser was found. Run npm test once, or set ${BROWSER_VARIABLE} to the path of one.`,
    );
  }
  process.env[BROWSER_VARIABLE] = path;
}
