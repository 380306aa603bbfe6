// What the browser keeps of what is written.
import type { Page } from "playwright-core";

/** How many drafts, or changes of drafts, its database has: those whose transactions have completed. */
export function countKept(page: Page, of: "drafts" | "changes"): Promise<number> {
  return page.evaluate(
    (store) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("notejam");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction(store).objectStore(store).count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      }),
    of,
  );
}
