// The steps of a drill: each is announced, and its time goes into the report.

/** Runs a step, and returns what it returns. */
export type Step = <T>(name: string, run: () => Promise<T>) => Promise<T>;

/**
 * @param say prints the name of each step as it begins
 * @returns `seconds`, by the names of the steps that have ended
 */
export function stopwatch(say: (line: string) => void): { seconds: Record<string, number>; step: Step } {
  const seconds: Record<string, number> = {};
  return {
    seconds,
    async step(name, run) {
      say(`${name} …`);
      const started = performance.now();
      const result = await run();
      seconds[name] = Math.round(performance.now() - started) / 1000;
      return result;
    },
  };
}
