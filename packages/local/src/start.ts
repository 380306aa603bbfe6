// `npm start`: Notejam as it is deployed, on this machine.
import { builtFunctions } from "./build.ts";
import { runService } from "./command.ts";
import { BuiltFront } from "./distribution/built-front.ts";

await runService({
  help: `Usage: npm start
       npm start -- --demo

Builds Notejam if its sources have changed, and serves it on http://localhost:3000. Ctrl-C stops it.

  --demo    adds an account with pads and notes, if it is not there yet, and says how to sign in
  --help    prints this text

Environment variables:
  PORT               the port (default: 3000); 0 for a free one
  NOTEJAM_DATA_DIR   the folder for the data (default: .notejam)
  DATABASE_URL       a PostgreSQL 18 to use instead of the embedded one: postgres://user:password@host:5432/database
`,
  sources: ({ ending, fault }) => ({ functions: builtFunctions, front: new BuiltFront(ending, fault) }),
});
