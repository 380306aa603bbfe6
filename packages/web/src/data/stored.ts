// What this browser remembers from one visit to the next. Where its storage is blocked, a choice lasts until the page is reloaded.

/** Null if nothing is stored; undefined if storage is blocked. */
export function stored(key: string): string | null | undefined {
  try {
    return localStorage.getItem(key);
  } catch {
    return undefined;
  }
}

/** @param value null: nothing */
export function store(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Storage is blocked.
  }
}
