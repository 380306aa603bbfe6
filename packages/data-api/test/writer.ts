// A process that writes until it is killed, for the tests of what survives that: it says each row that was acknowledged.
import { ExecuteStatementCommand, RDSDataClient } from "@aws-sdk/client-rds-data";
import { startDataApi } from "@notejam/data-api";

const server = await startDataApi({
  databases: { kept: { kind: "pglite", dataDir: process.argv[2] ?? "" } },
});
const client = new RDSDataClient({
  endpoint: server.url,
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
const execute = (sql: string) =>
  client.send(
    new ExecuteStatementCommand({
      resourceArn: "arn:aws:rds:local",
      secretArn: "arn:aws:secretsmanager:local",
      sql,
    }),
  );
await execute("create table written (n int8 primary key, filling text)");
for (let n = 1; ; n++) {
  await execute(`insert into written values (${n}, repeat('x', 2000))`);
  process.stdout.write(`${n}\n`);
}
