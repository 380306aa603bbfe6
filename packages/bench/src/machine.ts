// Where and when something was measured: figures mean nothing without it.
import { availableParallelism, cpus, loadavg } from "node:os";

export function describeMachine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() || "unknown",
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    /** Processes that ran or waited to run, on average of the minute before. Beside others, all times are worse. */
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
