// The HTTP API: one Lambda function behind API Gateway, which hands it every path. Routes are the function's affair.
import { ENV } from "@notejam/core/config";
import { Api, Function as Lambda, type Script, type Stack } from "sst/constructs";
import { type Database, databaseAccess } from "../data/database.ts";
import type { Stage } from "../stage.ts";
import { functionCode, logGroup } from "./function.ts";

interface Needs {
  database: Database;
  mail: Lambda;
  migrations: Script;
  /** What a request must carry to be answered. */
  originSecret: string | undefined;
}

export function api(stack: Stack, stage: Stage, { database, mail, migrations, originSecret }: Needs) {
  const access = databaseAccess(database, "rds-data:ExecuteStatement");

  const handler = new Lambda(stack, "ApiHandler", {
    ...functionCode("api"),
    environment: {
      ...access.environment,
      [ENV.mailFunction]: mail.functionName,
      ...(originSecret && { [ENV.originSecret]: originSecret }),
    },
    permissions: access.permissions,
    logGroup: logGroup(stack, stage, "ApiHandler"),
  });
  mail.grantInvoke(handler);
  // The migrations of a version go before its code.
  for (const code of [handler, mail]) code.node.addDependency(migrations);

  return new Api(stack, "Api", {
    // Paths that do not exist too: the answer is then the API's own.
    routes: { $default: handler },
    // The web app has the same origin.
    cors: false,
    // The function writes one line a request.
    accessLog: false,
  });
}
