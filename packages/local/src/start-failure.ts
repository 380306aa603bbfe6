/** Why Notejam does not start, in one line that a person can act on: it is printed as it is, and the exit code is 1. */
export class StartFailure extends Error {}
