// The admin endpoint: what `faults` and `calls` offer in the process, for tests in another one.

import { DataApiError } from "../../errors.ts";
import type { Fault } from "../../faults/fault.ts";
import type { Faults, Resuming } from "../../faults/faults.ts";
import type { Latency } from "../../faults/latency.ts";
import { oneMemberOf } from "../../members.ts";
import type { CallLog } from "../calls.ts";
import { CALLS, type CallsAnswer, FAULTS, type FaultsAnswer, type FaultsCleared } from "./protocol.ts";

export interface AdminParts {
  faults: Faults;
  calls: CallLog;
}

type Handler = (parts: AdminParts, body: unknown) => unknown;

const RESOURCES: Record<string, Record<string, Handler>> = {
  [FAULTS]: {
    GET: ({ faults }): FaultsAnswer => faults.list(),
    POST: async ({ faults }, body): Promise<FaultsAnswer> => {
      await change(faults, body);
      return faults.list();
    },
    DELETE: ({ faults }): FaultsCleared => ({ waiting: faults.clear() }),
  },
  [CALLS]: {
    GET: ({ calls }): CallsAnswer => ({ counts: calls.counts, calls: calls.last }),
    DELETE: ({ calls }) => {
      calls.clear();
      return {};
    },
  },
};

/**
 * Finds what answers a request.
 * @throws DataApiError for a path or a method that there is not
 */
export function adminHandler(method: string, path: string): Handler {
  const resource = Object.hasOwn(RESOURCES, path) ? RESOURCES[path] : undefined;
  if (!resource) {
    throw new DataApiError(
      "UnknownOperationException",
      `There is no ${path}; there is ${Object.keys(RESOURCES).join(" and ")}.`,
    );
  }
  const handler = Object.hasOwn(resource, method) ? resource[method] : undefined;
  if (handler) return handler;
  throw new MethodNotAllowed(method, path, Object.keys(resource));
}

/** The answer names the methods that there are, in its `Allow` header. */
export class MethodNotAllowed extends DataApiError {
  readonly allow: string;

  constructor(method: string, path: string, allowed: string[]) {
    const allow = allowed.join(", ");
    super("MethodNotAllowedException", `${path} knows no ${method}; it knows ${allow}.`);
    this.allow = allow;
  }
}

/** @throws OptionError that names the member */
async function change(faults: Faults, body: unknown): Promise<void> {
  const [what, value] = oneMemberOf(body, "the request", ["plan", "resuming", "failover", "latency", "seed"]);
  switch (what) {
    case "plan":
      return faults.plan(value as Fault);
    case "resuming":
      return faults.resuming(value as Resuming);
    case "failover":
      return faults.failover(value as { ms: number });
    case "latency":
      return faults.setLatency((value ?? undefined) as Latency | undefined);
    case "seed":
      return faults.setSeed(value as number);
  }
}
