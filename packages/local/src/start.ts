// `npm start`: Notejam as it is deployed, on this machine.
import { builtFunctions, builtWeb } from "./build.ts";
import { runService } from "./command.ts";
import { WebFiles } from "./distribution/web-files.ts";

await runService({
  help: `Usage: npm start
       npm start -- --demo

Builds Notejam where its sources have changed, and serves it on http://localhost:3000. Ctrl-C stops it.

  --demo    adds an account with pads and notes to look at, and says how to sign in; again, it adds nothing
  --help    this text

The environment:
  PORT               another port; 0: a free one
  NOTEJAM_DATA_DIR   where the data is kept, .notejam unless set
  DATABASE_URL       a PostgreSQL 18 in place of the embedded one: postgres://user:password@host:5432/database
`,
  sources: (_service, ending) => ({
    functions: builtFunctions,
    web: async () => new WebFiles(await builtWeb(ending)),
  }),
});
