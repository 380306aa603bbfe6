// How AWS is asked: in which region, and for how long.

/** Of every client. A check should end soon: there are about twenty. */
export const ASKING = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 20_000 },
} as const;

/** The region that answers for services without one (IAM, CloudFront), and before it is known whether another is enabled. */
export function homeOf(region: string): string {
  if (region.startsWith("cn-")) return "cn-north-1";
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
}

/** All pages of a list. @param ask gets what the page before said of the next one */
export async function pages<Page>(
  ask: (next: string | undefined) => Promise<Page>,
  nextOf: (page: Page) => string | undefined,
): Promise<Page[]> {
  const all: Page[] = [];
  let next: string | undefined;
  do {
    const page = await ask(next);
    all.push(page);
    next = nextOf(page);
  } while (next);
  return all;
}

/** Sums a number of each page. */
export function sumOf<Page>(all: readonly Page[], count: (page: Page) => number | undefined): number {
  return all.reduce((sum, page) => sum + (count(page) ?? 0), 0);
}
