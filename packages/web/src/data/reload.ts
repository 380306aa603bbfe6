// What a page keeps for the one after a reload of its tab.
import { listen } from "./listen.ts";

/** Acts when the page may end. A phone ends pages that are hidden, and loads them again when they are shown. */
export function onHidden(act: () => void): void {
  listen(document, "visibilitychange", () => document.hidden && act());
}

export function keepForReload(key: string, value: unknown): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(value ?? null));
  } catch {
    // Storage is blocked.
  }
}

/** What was kept, unless this page was opened by a link or its address. */
export function keptBefore<Value>(key: string): Value | undefined {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (!navigation || navigation.type === "navigate") return undefined;
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}
