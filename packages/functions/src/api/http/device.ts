// Names a session in the list of sessions: browser and system in a few words, from the User-Agent. It only helps users to
// recognise their own devices.

/**
 * Characters of the User-Agent that are read; browsers send at most a few hundred. The time of a pattern may grow with the
 * square of the length, and a stranger chooses the length.
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

/** `Firefox on Linux`, or the part of it that `userAgent` shows; `Unknown device` if it shows neither. */
export function deviceOf(userAgent = ""): string {
  const read = userAgent.slice(0, USER_AGENT_MAX);
  const named = (rules: [RegExp, string][]) => rules.find(([pattern]) => pattern.test(read))?.[1];
  return [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(" on ") || "Unknown device";
}
