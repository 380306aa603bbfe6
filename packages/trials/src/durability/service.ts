// The service over HTTP, on a real engine, in this process: its faults can be planned, and its log can be read.
import { ENV } from "@notejam/core/config";
import type { DataApiServer } from "@notejam/data-api";
import { handler as api } from "@notejam/functions/api/lambda";
import type { Audit } from "@notejam/functions/audit";
import { HttpApi } from "@notejam/local/aws/api-gateway/http-api";
import { InProcessFunction } from "@notejam/local/aws/lambda/in-process-function";
import { listen } from "@notejam/local/aws/loopback";
import { vi } from "vitest";
import { startDatabase } from "../../../core/test/database.ts";

export interface Service {
  origin: string;
  dataApi: DataApiServer;
  /** The links that the log has, by the thing and its version. */
  links: { thing: string; version: number; link: string }[];
  /** Errors of the service itself. */
  faults: unknown[];
  close(): Promise<void>;
}

/** What a line says of states: the things that have a link. */
export function linksIn({ things = [] }: Audit): Service["links"] {
  return things.flatMap(({ thing, version, link }) => (version && link ? [{ thing, version, link }] : []));
}

/** @param postgresUrl a PostgreSQL for a new database there; else it is a new PGlite */
export async function startService(postgresUrl?: string): Promise<Service> {
  const dataApi = await startDatabase(postgresUrl);
  // Each run signs up from one address.
  process.env[ENV.attemptsPerAddress] = "10000";
  process.env[ENV.stage] = "test";
  const links: Service["links"] = [];
  const log = vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    if (String(line).includes('"link":')) links.push(...linksIn(JSON.parse(String(line)).audit));
    return true;
  });
  const faults: unknown[] = [];
  const gateway = new HttpApi({
    integration: new InProcessFunction("api", api),
    onFault: (_, error) => void faults.push(error),
  });
  const http = await listen(0, {
    respond: (request, _, gone) => gateway.receive(request, gone),
    fault: (error) => void faults.push(error),
  });
  return {
    origin: `http://localhost:${http.port}`,
    dataApi,
    links,
    faults,
    async close() {
      await http.close();
      log.mockRestore();
      await dataApi.close();
    },
  };
}
