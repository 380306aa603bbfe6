// The admin endpoint: what `faults` and `calls` offer in the process, for tests in another one.

import * as z from "zod/mini";
import { DataApiError } from "../../errors.ts";
import type { Faults, FaultsInForce } from "../../faults/faults.ts";
import { oneMember, read } from "../../schema.ts";
import type { CallLog } from "../calls.ts";
import { CALLS, type CallsAnswer, type Changes, FAULTS, type FaultsCleared } from "./protocol.ts";

export interface AdminParts {
  faults: Faults;
  calls: CallLog;
}

type Handler = (parts: AdminParts, body: unknown) => unknown;

const RESOURCES: Record<string, Record<string, Handler>> = {
  [FAULTS]: {
    GET: ({ faults }): FaultsInForce => faults.list(),
    POST: async ({ faults }, body): Promise<FaultsInForce> => {
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
 * @throws DataApiError for an unknown path or method
 */
export function adminHandler(method: string, path: string): Handler {
  const resource = Object.hasOwn(RESOURCES, path) ? RESOURCES[path] : undefined;
  if (!resource) {
    throw new DataApiError(
      "UnknownOperationException",
      `Unknown path ${path}. The paths are ${Object.keys(RESOURCES).join(" and ")}.`,
    );
  }
  const handler = Object.hasOwn(resource, method) ? resource[method] : undefined;
  if (handler) return handler;
  throw new MethodNotAllowed(method, path, Object.keys(resource));
}

/** The answer names the allowed methods in its `Allow` header. */
export class MethodNotAllowed extends DataApiError {
  readonly allow: string;

  constructor(method: string, path: string, allowed: string[]) {
    const allow = allowed.join(", ");
    super("MethodNotAllowedException", `${path} does not allow ${method}. It allows ${allow}.`);
    this.allow = allow;
  }
}

const given = z.optional(z.unknown());
/** `Faults` checks the value. */
const changeSchema = oneMember({
  plan: given,
  resuming: given,
  failover: given,
  latency: given,
  seed: given,
} satisfies Record<keyof Changes, z.ZodMiniType>);

/** @throws OptionError that names the member */
async function change(faults: Faults, body: unknown): Promise<void> {
  const asked = read(changeSchema, body, "the request", "") as Partial<Changes>;
  if (asked.plan !== undefined) faults.plan(asked.plan);
  else if (asked.resuming !== undefined) faults.resuming(asked.resuming);
  else if (asked.failover !== undefined) await faults.failover(asked.failover);
  else if (asked.latency !== undefined) faults.setLatency(asked.latency ?? undefined);
  else if (asked.seed !== undefined) faults.setSeed(asked.seed);
}
