// The programs that a rollback runs. A signal that ends the command ends them first, so that their checkout can be taken away.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename, delimiter, join } from "node:path";
import { VisibleError } from "sst/error.js";

export class Programs {
  /** The signal that has asked the command to end. */
  endedBy: NodeJS.Signals | undefined;
  #end: (signal: NodeJS.Signals) => void = () => {};

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        this.endedBy ??= signal;
        this.#end(signal);
      });
    }
  }

  /**
   * Runs a program to its end, in a folder whose own packages' programs it finds first. What it prints is shown.
   * @param told variables beside those of this process
   * @throws VisibleError if it fails, or if a signal has asked the command to end
   */
  async run(
    program: string,
    args: readonly string[],
    folder: string,
    told: Record<string, string> = {},
  ): Promise<void> {
    if (this.endedBy) throw new VisibleError(`Ended by ${this.endedBy}.`);
    const child = spawn(program, args, {
      cwd: folder,
      env: {
        ...process.env,
        PATH: [join(folder, "node_modules/.bin"), process.env.PATH].join(delimiter),
        ...told,
      },
      stdio: ["ignore", "inherit", "inherit"],
    });
    this.#end = (signal) => child.kill(signal);
    const [code] = (await once(child, "exit").finally(() => {
      this.#end = () => {};
    })) as [number | null];
    if (code !== 0) {
      const name = program === process.execPath ? basename(args[0] ?? "", ".js") : program;
      throw new VisibleError(
        `The stage is not taken back: ${name} has failed, and says why above. CloudFormation undoes a deployment that fails.`,
      );
    }
  }
}
