// Runs before each file of tests. The files share processes, so each begins with the environment that the first one had.
import { restoreEnvironment } from "./environment.ts";

restoreEnvironment();
