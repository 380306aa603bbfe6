import { connect, ifMatch } from "@notejam/client";
import { withCookies } from "@notejam/client/cookies";
import { isProblem } from "@notejam/client/problem";
import { backoff } from "@notejam/client/retry";

const api = connect({
  origin: process.env.NOTEJAM_URL ?? "http://localhost:3000",
  fetch: withCookies(fetch),
  retry: backoff({ repeat: ["unavailable", "rate_limited"], waitMaxSeconds: 60, turnsMax: 5 }),
});

await api.session.$post({ json: { email: "demo@example.com", password: "notejam demo" } });
const created = await api.notes.$post({ json: { name: "Shopping", text: "Milk" } });
const { note } = await created.json();
try {
  const change = { param: { id: note.id }, header: ifMatch(note.version), json: { text: "Milk, bread" } };
  await api.notes[":id"].$patch(change);
} catch (thrown) {
  if (!isProblem(thrown, "version_mismatch")) throw thrown;
  console.log("Someone else saved this note first:", thrown.current);
}
