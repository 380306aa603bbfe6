// A client of the admin endpoint, for tests that run in another process than the server. It imports types alone, so
// that such a test loads no database.

import type { Fault, Pattern } from "../../faults/fault.ts";
import type { Faults, FaultsInForce, Resuming } from "../../faults/faults.ts";
import type { Latency } from "../../faults/latency.ts";
import type { Call, CallCounts } from "../calls.ts";
import { CALLS, type CallsAnswer, FAULTS, type FaultsChange, type FaultsCleared } from "./protocol.ts";

/** What `server.faults` and `server.calls` offer in the server's own process. */
export interface Admin {
  faults: Remote<
    Pick<Faults, "plan" | "resuming" | "failover" | "setLatency" | "setSeed" | "list" | "clear">
  >;
  calls: {
    counts(): Promise<CallCounts>;
    /** The last calls, 1,000 at most, the oldest first. */
    last(): Promise<Call[]>;
    clear(): Promise<void>;
  };
}

/** The same methods, over the wire. */
type Remote<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never;
};

/** The server refused what was asked of it, and says why. */
export class AdminError extends Error {
  override name = "AdminError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * @param url the server's address, as SDKs are given it: `http://127.0.0.1:8080`
 * @param accessKeyId the one that the server was started with, if it was
 * @returns methods that throw AdminError if the server refuses, and fetch's TypeError if it can't be reached
 */
export function connectAdmin(url: string, accessKeyId = "any"): Admin {
  const request = <T>(method: string, path: string, body?: FaultsChange) =>
    send<T>(url, accessKeyId, method, path, body);
  const change = async (body: FaultsChange) => {
    await request<FaultsInForce>("POST", FAULTS, body);
  };
  return {
    faults: {
      plan: (fault: Fault) => change({ plan: { ...fault, matching: asJson(fault.matching) } }),
      resuming: (resuming: Resuming) => change({ resuming }),
      failover: (failover: { ms: number }) => change({ failover }),
      setLatency: (latency: Latency | undefined) => change({ latency: latency ?? null }),
      setSeed: (seed: number) => change({ seed }),
      list: () => request<FaultsInForce>("GET", FAULTS),
      clear: async () => (await request<FaultsCleared>("DELETE", FAULTS)).waiting,
    },
    calls: {
      counts: async () => (await request<CallsAnswer>("GET", CALLS)).counts,
      last: async () => (await request<CallsAnswer>("GET", CALLS)).calls,
      clear: async () => {
        await request("DELETE", CALLS);
      },
    },
  };
}

/** JSON has no RegExp: what one is made from stands for it. */
function asJson(pattern: Pattern | undefined): Pattern | undefined {
  return pattern instanceof RegExp ? { source: pattern.source, flags: pattern.flags } : pattern;
}

async function send<T>(
  url: string,
  accessKeyId: string,
  method: string,
  path: string,
  body?: FaultsChange,
): Promise<T> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: {
      // The signature is not checked; but a web page can't send one without asking first.
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/local/rds-data/aws4_request, SignedHeaders=host, Signature=0`,
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (response.ok) return JSON.parse(answer);
  throw new AdminError(response.status, messageOf(answer));
}

function messageOf(answer: string): string {
  try {
    return JSON.parse(answer).message ?? answer;
  } catch {
    return answer;
  }
}
