// Which releases a stage has had, and to which of them a rollback goes.

/** A commit that a parameter held, from when on. */
export interface Recorded {
  commit: string;
  at: Date;
}

/**
 * What each release stands on: the last one is the present, and a rollback goes to the one before it. A release that comes again
 * returns to its former position, because what came after it was taken back. So a second rollback goes one further back.
 */
export function lineOf(releases: readonly Recorded[]): Recorded[] {
  const line: Recorded[] = [];
  for (const release of releases) {
    const position = line.findIndex(({ commit }) => commit === release.commit);
    line.splice(position === -1 ? line.length : position, line.length, release);
  }
  return line;
}
