// Where a program's library finds its cluster. A program names its region and credentials itself, and takes nothing
// from the machine that runs it.
import { ARNS, type DataApi } from "../harness.ts";

/** What each program is given to connect with. */
export interface Target {
  endpoint: string;
  database: string;
  resourceArn: string;
  secretArn: string;
}

/** The server of a block of tests, which must have been started. */
export function targetOf(api: DataApi): Target {
  return { endpoint: api.server.url, database: "notejam", ...ARNS };
}

/** What an SDK signs with where nobody checks the signature. */
export const SIGNER = {
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
};
