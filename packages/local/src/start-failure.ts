/** Why Notejam can't start, in one line that tells the user what to do. It is printed as it is, and the exit code is 1. */
export class StartFailure extends Error {}
