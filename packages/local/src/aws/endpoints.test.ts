import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serveEndpoints } from "./endpoints.ts";
import { EVENT_MAX_BYTES, type OnFault } from "./lambda/handler.ts";
import { AsyncInvocations } from "./lambda/invoke.ts";
import { WorkerFunction } from "./lambda/worker-function.ts";
import type { Listening } from "./loopback.ts";
import { Outbox } from "./ses/outbox.ts";
import { MessageRejected } from "./ses/send-email.ts";
import { exchange, type Sent } from "./testing/client.ts";
import type { Wish } from "./testing/handler.ts";

/** The errors of functions, one line each. */
const faults: string[] = [];
const lines: string[] = [];
const outbox = new Outbox();
const onFault: OnFault = (name, { errorType, errorMessage }) =>
  faults.push(`${name} ${errorType}: ${errorMessage}`);
const later = new AsyncInvocations(onFault, [1, 1]);
const functions: WorkerFunction[] = [];
let endpoints: Listening;

/** A function whose environment has seen no event yet. */
function freshFunction(): WorkerFunction {
  const made = new WorkerFunction(new URL("./testing/handler.ts", import.meta.url), {
    name: "mail",
    handler: "handler",
    environment: { AWS_REGION: "local" },
    timeoutSeconds: 5,
    memoryMegabytes: 256,
    onLine: (line) => lines.push(line),
  });
  functions.push(made);
  return made;
}

const SECRET = "arn:aws:secretsmanager:local:000000000000:secret:app";

const ACCESS_KEY_ID = "the-key_of-this-start";

const known: Record<string, WorkerFunction> = {};

beforeAll(async () => {
  endpoints = await serveEndpoints({
    functions: known,
    later,
    deliver: (mail) => {
      if (mail.subject === "Refused") throw new MessageRejected("Email address is not verified.");
      return outbox.add(mail);
    },
    secrets: { [SECRET]: '{"username":"app","password":"secret"}' },
    accessKeyId: ACCESS_KEY_ID,
    onFault,
  });
});

beforeEach(() => {
  known.mail = freshFunction();
  outbox.mails.length = 0;
  faults.length = 0;
  lines.length = 0;
});

afterAll(async () => {
  await endpoints.close();
  await Promise.all(functions.map((one) => one.close()));
});

const signedBy = (accessKeyId: string) => [
  "Authorization",
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20261124/local/lambda/aws4_request, SignedHeaders=host, Signature=0`,
];
const SIGNED = signedBy(ACCESS_KEY_ID);

function invoke(wish: Wish | string, headers: string[] = [], sent: Sent = {}) {
  const body = typeof wish === "string" ? wish : JSON.stringify(wish);
  const path = "/2015-03-31/functions/mail/invocations";
  return exchange(endpoints.port, { method: "POST", path, body, headers: [...SIGNED, ...headers], ...sent });
}

const LATER = ["X-Amz-Invocation-Type", "Event"];

describe("Secrets Manager's endpoint", () => {
  const get = (body: string, target = "secretsmanager.GetSecretValue") =>
    exchange(endpoints.port, {
      method: "POST",
      body,
      headers: [...SIGNED, "X-Amz-Target", target, "Content-Type", "application/x-amz-json-1.1"],
    });

  test("answers a secret's text", async () => {
    const { status, body } = await get(JSON.stringify({ SecretId: SECRET }));

    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      ARN: SECRET,
      SecretString: '{"username":"app","password":"secret"}',
    });
  });

  test("knows no other secret", async () => {
    const { status, headers, body } = await get(JSON.stringify({ SecretId: `${SECRET}-2` }));

    expect([status, headers["x-amzn-errortype"]]).toEqual([400, "ResourceNotFoundException"]);
    expect(JSON.parse(body).message).toBe("Secrets Manager can't find the specified secret.");
  });

  test("refuses what names no secret, and other operations", async () => {
    expect(await get("{}")).toMatchObject({ status: 400, body: '{"message":"SecretId is required."}' });
    expect((await get("no json")).status).toBe(400);
    expect((await get("{}", "secretsmanager.ListSecrets")).status).toBe(404);
  });
});

describe("Lambda's endpoint", () => {
  test("calls the function, and answers what it returned", async () => {
    const { status, headers, body } = await invoke({ answer: { sent: true } });

    expect({ status, body }).toEqual({ status: 200, body: '{"sent":true}' });
    expect(headers).not.toHaveProperty("x-amz-function-error");
  });

  test("says in a header that the function failed, and in the body how", async () => {
    const { status, headers, body } = await invoke({ throw: "no" });

    expect({ status, error: headers["x-amz-function-error"] }).toEqual({ status: 200, error: "Unhandled" });
    expect(JSON.parse(body)).toMatchObject({ errorType: "RangeError", errorMessage: "no" });
  });

  test("takes an event for later without waiting for it", async () => {
    const { status, body } = await invoke({ log: "done later", waitMs: 20 }, LATER);

    expect({ status, body }).toEqual({ status: 202, body: "" });
    await expect.poll(() => lines).toEqual(["done later"]);
  });

  test("repeats a failed event twice", async () => {
    await invoke({ log: "tried", failFirst: 2 }, LATER);

    await expect.poll(() => lines).toEqual(["tried", "tried", "tried"]);
    expect(faults.join("\n")).toMatch(/failure 1.*failure 2/s);
    expect(faults.join("\n")).not.toContain("failure 3");
  });

  test("gives up a failed event after the third time, and reports each failure", async () => {
    await invoke({ log: "tried", failFirst: 9 }, LATER);

    await expect.poll(() => faults.join("\n")).toContain("failure 3");
    await expect(expect.poll(() => lines.length, { timeout: 300 }).toBeGreaterThan(3)).rejects.toThrow();
  });

  test("drops what waits for a repetition when it ends", async () => {
    const ending = new AsyncInvocations(onFault, [50]);
    ending.add(freshFunction(), '{"log":"tried","failFirst":9}');
    await ending.settled();

    ending.stop();

    await expect(expect.poll(() => lines.length, { timeout: 300 }).toBeGreaterThan(1)).rejects.toThrow();
  });

  test("ends what is under way with the code that it began with when the code is replaced", async () => {
    await invoke({ count: true });
    const underWay = invoke({ count: true, waitMs: 300 });
    // It is with its environment by then.
    await new Promise((resolve) => setTimeout(resolve, 100));
    known.mail?.load(new URL("./testing/handler.ts", import.meta.url));

    const next = await invoke({ count: true });

    expect(JSON.parse((await underWay).body)).toEqual({ count: 2 });
    expect(JSON.parse(next.body)).toEqual({ count: 1 });
    expect(faults).toEqual([]);
  });

  test.each<{ what: string; answer: () => ReturnType<typeof invoke>; status: number; type: string }>([
    {
      what: "an event that is not JSON",
      answer: () => invoke("{"),
      status: 400,
      type: "InvalidRequestContentException",
    },
    {
      what: "an unknown way to invoke",
      answer: () => invoke({}, ["X-Amz-Invocation-Type", "Soon"]),
      status: 400,
      type: "InvalidParameterValueException",
    },
    {
      what: "an unknown function",
      answer: () => invoke({}, [], { path: "/2015-03-31/functions/__proto__/invocations" }),
      status: 404,
      type: "ResourceNotFoundException",
    },
    {
      what: "an event over 6 MB",
      answer: () => invoke(JSON.stringify("x".repeat(EVENT_MAX_BYTES))),
      status: 413,
      type: "RequestTooLargeException",
    },
    {
      what: "an event over 1 MB for later",
      answer: () => invoke(JSON.stringify("x".repeat(1024 * 1024)), LATER),
      status: 413,
      type: "RequestTooLargeException",
    },
    {
      what: "another operation",
      answer: () => invoke({}, [], { path: "/2015-03-31/functions" }),
      status: 404,
      type: "UnknownOperationException",
    },
  ])("refuses $what", async ({ answer, status, type }) => {
    const refused = await answer();

    expect({ status: refused.status, type: refused.headers["x-amzn-errortype"] }).toEqual({ status, type });
    expect(JSON.parse(refused.body).message).not.toBe("");
  });
});

const MAIL = {
  FromEmailAddress: "Notejam <notejam@example.com>",
  Destination: { ToAddresses: ["ana@example.com"] },
  Content: {
    Simple: {
      Subject: { Data: "Hello <you>" },
      Body: { Text: { Data: "Go to http://localhost:3000/reset-password#t0ken&\n\n<b>now</b>\n" } },
    },
  },
};

function sendEmail(mail: unknown, sent: Sent = {}) {
  return exchange(endpoints.port, {
    method: "POST",
    path: "/v2/email/outbound-emails",
    headers: SIGNED,
    body: JSON.stringify(mail),
    ...sent,
  });
}

describe("SES's endpoint", () => {
  test("puts a mail into the outbox", async () => {
    const { status, body } = await sendEmail(MAIL);

    expect({ status, id: JSON.parse(body).MessageId }).toEqual({ status: 200, id: outbox.mails[0]?.id });
    expect(outbox.mails[0]).toMatchObject({
      from: "Notejam <notejam@example.com>",
      to: ["ana@example.com"],
      subject: "Hello <you>",
      text: MAIL.Content.Simple.Body.Text.Data,
    });
  });

  test("keeps a mail's HTML beside its text", async () => {
    const { Simple } = MAIL.Content;
    const html = { ...Simple, Body: { ...Simple.Body, Html: { Data: "<p>Hello</p>" } } };

    await sendEmail({ ...MAIL, Content: { Simple: html } });

    expect(outbox.mails[0]?.html).toBe("<p>Hello</p>");
  });

  test("answers as SES does if the mail is rejected", async () => {
    const Content = { Simple: { ...MAIL.Content.Simple, Subject: { Data: "Refused" } } };

    const { status, headers, body } = await sendEmail({ ...MAIL, Content });

    expect({ status, type: headers["x-amzn-errortype"] }).toEqual({ status: 400, type: "MessageRejected" });
    expect(JSON.parse(body).message).toBe("Email address is not verified.");
    expect(outbox.mails).toEqual([]);
  });

  test.each([
    { without: "FromEmailAddress", mail: { ...MAIL, FromEmailAddress: undefined } },
    { without: "Destination.ToAddresses", mail: { ...MAIL, Destination: {} } },
    { without: "Content.Simple.Subject.Data", mail: { ...MAIL, Content: {} } },
    {
      without: "Content.Simple.Body.Text.Data",
      mail: { ...MAIL, Content: { Simple: { Subject: { Data: "" } } } },
    },
  ])("refuses a mail without $without by that name", async ({ without, mail }) => {
    const { status, body } = await sendEmail(mail);

    expect(status).toBe(400);
    expect(JSON.parse(body).message).toContain(without);
  });
});

describe("the endpoints", () => {
  test.each<{ what: string; headers: string[] }>([
    { what: "is not signed", headers: [] },
    { what: "has another authorization", headers: ["Authorization", "Bearer x"] },
    { what: "shows the key of another start", headers: signedBy("the-key_of-that-start") },
    { what: "shows no key", headers: signedBy("") },
    { what: "comes from a web page", headers: [...SIGNED, "Origin", "http://localhost:3000"] },
    { what: "names another host", headers: [...SIGNED, "Host", "evil.example"] },
  ])("refuse a request that $what", async ({ headers }) => {
    expect(await sendEmail(MAIL, { headers })).toMatchObject({ status: 403 });
    expect(await invoke({ log: "called" }, [], { headers })).toMatchObject({ status: 403 });
    const asked = [...headers, "X-Amz-Target", "secretsmanager.GetSecretValue"];
    const body = JSON.stringify({ SecretId: SECRET });
    expect(await exchange(endpoints.port, { method: "POST", body, headers: asked })).toMatchObject({
      status: 403,
    });
    expect([...outbox.mails, ...lines]).toEqual([]);
  });
});

describe("the outbox", () => {
  test("shows its mails as a page that runs nothing and loads nothing, with their links", async () => {
    await sendEmail(MAIL);

    const { headers, body } = outbox.respond({ url: outbox.target, headers: { accept: "text/html,*/*" } });

    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /);
    expect(body).toContain("<h2>Hello &lt;you&gt;</h2>");
    expect(body).toContain('<a href="http://localhost:3000/reset-password#t0ken&amp;">');
    expect(body).toContain("&lt;b&gt;now&lt;/b&gt;");
  });

  test("gives its mails as JSON on request, the newest first", async () => {
    await sendEmail(MAIL);
    await sendEmail({ ...MAIL, Destination: { ToAddresses: ["bo@example.com"] } });

    const asked = { url: outbox.target, headers: { accept: "application/json" } };
    const { mails } = JSON.parse(String(outbox.respond(asked).body));

    expect(mails.slice(0, 2).map((mail: { to: string[] }) => mail.to[0])).toEqual([
      "bo@example.com",
      "ana@example.com",
    ]);
  });

  test.each(["/_outbox", "/_outbox?token=", "/_outbox?token=AAAAAAAAAAAAAAAAAAAAAA"])(
    "opens by its link alone, so not at %s, and its page sends that link nowhere",
    async (url) => {
      await sendEmail(MAIL);

      for (const accept of ["text/html", "application/json"]) {
        const { status, headers, body } = outbox.respond({ url, headers: { accept } });
        expect(status).toBe(403);
        expect(String(body)).not.toContain("Hello");
        expect(headers["set-cookie"]).toBeUndefined();
      }
      const page = outbox.respond({ url: outbox.target, headers: {} });
      expect(page.headers).toMatchObject({ "referrer-policy": "no-referrer", "cache-control": "no-store" });
    },
  );

  test("keeps the last 200", () => {
    const small = new Outbox();
    for (let n = 0; n < 201; n++) small.add({ from: "", to: [], subject: String(n), text: "" });

    expect(small.mails).toHaveLength(200);
    expect(small.mails[0]?.subject).toBe("200");
  });
});
