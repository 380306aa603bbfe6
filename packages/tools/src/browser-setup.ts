// Tells the browser tests which Chromium to drive, in NOTEJAM_CHROMIUM, where they run without `npm test`.
import { BROWSER_VARIABLE, findBrowser, NoBrowser } from "./browser.ts";

export default async function setup() {
  const path = await findBrowser();
  if (!path) throw new NoBrowser(`No browser: run npm test once, or name one in ${BROWSER_VARIABLE}.`);
  process.env[BROWSER_VARIABLE] = path;
}
