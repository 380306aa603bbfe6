import { RESET_MINUTES } from "@notejam/core/password-reset/schema";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Browser, newUser, PASSWORD, type Service, SITE_ORIGIN, startService } from "../../test/service.ts";
import { handler, resetMail } from "./handler.ts";

const lambda = { awsRequestId: "7c1d4b8e" };

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.close());

test("the mail has the link, says how long it works, and says what to do if someone else asked for it", () => {
  const mail = resetMail("https://notes.example.com/reset-password#token");

  for (const words of [mail.text, mail.html]) {
    expect(words).toContain("https://notes.example.com/reset-password#token");
    expect(words).toContain(`${RESET_MINUTES} minutes`);
    expect(words).toMatch(/works once/);
    expect(words).toMatch(/not you, ignore/);
  }
});

test("a request for a mail is answered before the mail is sent", async () => {
  const browser = await newUser(service);
  const { promise, resolve } = Promise.withResolvers<void>();
  service.mailsWaitFor = promise;

  const { status } = await browser.post("/api/password-resets", { email: browser.email });

  expect([status, service.mails]).toEqual([202, []]);
  resolve();
  await service.mailsSent();
  expect(service.mails.map(({ to }) => to)).toEqual([browser.email]);
});

test("a mail that can't be sent fails the invocation, so that Lambda repeats it, and the log has no address", async () => {
  const { email } = await newUser(service);
  service.failMails = true;

  const failed = handler({ email, siteOrigin: SITE_ORIGIN }, lambda);

  await expect(failed).rejects.toThrow(expect.not.stringContaining(email));
  service.failMails = false;
  await handler({ email, siteOrigin: SITE_ORIGIN }, lambda);
  await handler({ email, siteOrigin: SITE_ORIGIN }, lambda);
  const tokens = service.mails
    .filter(({ to }) => to === email)
    .map(({ text }) => /#([\w-]+)/.exec(text)?.[1]);
  expect(tokens).toHaveLength(2);
  for (const [i, token] of tokens.entries()) {
    const { status } = await new Browser(service).put("/api/password-resets", {
      token,
      password: `${PASSWORD} ${i}`,
    });
    expect(status).toBe(i === 0 ? 204 : 422);
  }
  const lines = service.log.filter((line) => line.includes(lambda.awsRequestId));
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: "error", message: "reset mail", dataApiCalls: 1 },
    { level: "info", message: "reset mail", sent: true, dataApiCalls: 1 },
    { level: "info", message: "reset mail", sent: true, dataApiCalls: 1 },
  ]);
  for (const secret of [email, ...tokens]) expect(lines.join()).not.toContain(secret);
});
