// The browser tests, in one file: they share a service and a browser, which take longer to start than most tests.
import { accessibility } from "./accessibility.ts";
import { account } from "./account.ts";
import { failures } from "./failures.ts";
import { useNotejam } from "./notejam.ts";
import { notes } from "./notes.ts";
import { pads } from "./pads.ts";

useNotejam();
account();
notes();
pads();
failures();
accessibility();
