// The server in a separate process, as in real life. It sends its address, and on demand how long its calls took.
import { type Call, type DatabaseOptions, startDataApi } from "@notejam/data-api";
import { DATABASE } from "./server.ts";

const database = JSON.parse(process.argv[2] ?? "") as DatabaseOptions;
let calls: Call[] = [];
const server = await startDataApi({
  databases: { [DATABASE]: database },
  onCall: (call) => calls.push(call),
});
process.send?.({ url: server.url });
process.on("message", () => {
  process.send?.({ calls });
  calls = [];
});
process.once("disconnect", () => server.close());
