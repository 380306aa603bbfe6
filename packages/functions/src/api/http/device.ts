// Names the device of a session by its User-Agent: browser and system in a few words. The name only helps users to recognise
// their own devices.
import { UNKNOWN_DEVICE } from "@notejam/core/device/limits";

/**
 * How many characters of the User-Agent are read. Browsers send a few hundred at most. A stranger may send many more, and the
 * time of a pattern may grow with the square of their number.
 */
export const USER_AGENT_MAX = 512;

/** The first pattern that matches decides, because most browsers also claim to be others. */
const BROWSERS: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\b(OPR|OPiOS)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
  [/^curl\//, "curl"],
];
const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

/** `Firefox on Linux`, or as much of it as `userAgent` tells; `UNKNOWN_DEVICE` if it tells neither. */
export function deviceOf(userAgent = ""): string {
  const read = userAgent.slice(0, USER_AGENT_MAX);
  const named = (rules: [RegExp, string][]) => rules.find(([pattern]) => pattern.test(read))?.[1];
  return [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(" on ") || UNKNOWN_DEVICE;
}
