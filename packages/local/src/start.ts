// `npm start`: Notejam as it is deployed, on this machine.
import { builtFunctions } from "./build.ts";
import { runService } from "./command.ts";
import { BuiltFront } from "./distribution/built-front.ts";

await runService({
  name: "npm start --",
  summary:
    "Builds Notejam if its sources have changed, and serves it on http://localhost:3000. Ctrl-C stops it.",
  sources: ({ ending, fault }) => ({ functions: builtFunctions, front: new BuiltFront(ending, fault) }),
});
