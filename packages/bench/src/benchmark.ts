// What a benchmark is to the command that runs it.

export interface Options {
  /** How often each thing is done in a round. */
  calls: number;
  /** How many rounds count; one more goes first, to warm up. */
  rounds: number;
  /** Receives a line about what is being done. */
  say(line: string): void;
}

export interface Report {
  /** For programs: what `--json` prints. */
  figures: unknown;
  /** For people. */
  text: string;
}
