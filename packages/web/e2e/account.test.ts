// Accounts in the browser: sign-up, sign-in, sign-out, settings, and a forgotten password.
import { randomUUID } from "node:crypto";
import { connect } from "@notejam/client";
import { withCookies } from "@notejam/client/cookies";
import type { Locator, Page } from "playwright-core";
import { describe, expect } from "vitest";
import { createAccount, PASSWORD } from "./accounts.ts";
import { eventually, it, mailsTo, submitSignIn, waitForList, waitForPage } from "./fixtures.ts";

const OTHER_PASSWORD = "battery staple";

describe("Sign up", () => {
  it("signs in, in all tabs, and leads on to where the user was going", async ({ anonymousUser }) => {
    const { page } = anonymousUser;
    const other = await anonymousUser.newTab();
    await Promise.all([page.goto("/settings"), other.goto("/signin")]);
    await page.getByRole("link", { name: "Make an account" }).click();
    await waitForPage(page, "Make an account");
    const email = await signUp(page);

    await waitForPage(page, "Settings");
    await page.getByText("This browser").waitFor();
    await waitForList(other, "All notes", 0);
    await other.getByText(email).waitFor();
  });

  it("can't if required fields are missing", async ({ anonymousUser: { page } }) => {
    await page.goto("/signup");
    await page.getByRole("button", { name: "Make an account" }).click();

    const email = page.getByLabel("Email");
    expect(await email.getAttribute("aria-invalid")).toBe("true");
    expect(await describedBy(email)).toBe("Email is required");
    expect(await describedBy(page.getByLabel("Password", { exact: true }))).toBe("Password is required");
    expect(await email.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  it("can't if passwords do not match", async ({ anonymousUser: { page } }) => {
    await page.goto("/signup");
    await page.getByLabel("Email").fill("someone@example.com");
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Repeat password").fill(OTHER_PASSWORD);
    await page.getByRole("button", { name: "Make an account" }).click();

    expect(await describedBy(page.getByLabel("Repeat password"))).toBe("Passwords do not match");
    expect(await page.getByLabel("Email").inputValue()).toBe("someone@example.com");
    expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe(PASSWORD);
  });

  it("a message from the service appears at its field", async ({ anonymousUser }) => {
    const { page } = anonymousUser;
    anonymousUser.allowStatus(409);
    const email = await createAccount();
    await page.goto("/signup");
    await page.getByLabel("Email").fill(` ${email.toUpperCase()} `);
    await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await page.getByLabel("Repeat password").fill(PASSWORD);
    await page.getByRole("button", { name: "Make an account" }).click();

    await page.getByText("User with this email is already signed up").waitFor();
    expect(await describedBy(page.getByLabel("Email"))).toBe("User with this email is already signed up");
  });
});

describe("Sign in", () => {
  it("user can successfully sign in", async ({ anonymousUser: { page } }) => {
    const email = await createAccount();
    await page.goto("/signin");
    await submitSignIn(page, email);
    await waitForList(page, "All notes", 0);
    await page.getByText(email).waitFor();
  });

  it("can't if credentials are wrong", async ({ anonymousUser: { page } }) => {
    await page.goto("/signin");
    await submitSignIn(page, "unknown@example.com", OTHER_PASSWORD);
    await page.getByRole("alert").getByText("Wrong email or password").waitFor();
    expect(await page.getByLabel("Email").inputValue()).toBe("unknown@example.com");
  });

  it("leads on to where the user was going", async ({ user }) => {
    const { page } = user;
    const note = await user.createNote({ name: "Where I was going" });
    await user.loseSession();
    await page.goto(`/notes/${note.id}?from=mail`);
    await waitForPage(page, "Sign in");
    expect(new URL(page.url()).searchParams.get("next")).toBe(`/notes/${note.id}?from=mail`);
    await submitSignIn(page, user.email);
    await waitForPage(page, "Where I was going");
    expect(new URL(page.url()).pathname).toBe(`/notes/${note.id}`);
  });

  it("never leads to another site", async ({ user }) => {
    const { page } = user;
    await user.loseSession();
    await page.goto("/signin?next=//evil.example/");
    await submitSignIn(page, user.email);
    await waitForList(page, "All notes", 0);
  });

  it("asks nobody who they are who has not signed in here", async ({ anonymousUser: { page } }) => {
    const asked: string[] = [];
    page.on("request", (request) => request.url().includes("/api/") && asked.push(request.url()));
    for (const path of ["/signin", "/signup", "/forgot-password"]) {
      await page.goto(path);
      await page.getByLabel("Email").waitFor();
    }
    expect(asked).toEqual([]);
  });

  it("leads home if the user is signed in", async ({ user: { page } }) => {
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    for (const path of ["/signin", "/signup"]) {
      await page.goto(path);
      await waitForList(page, "All notes", 0);
      expect(new URL(page.url()).pathname).toBe("/");
    }
  });
});

describe("Sign out", () => {
  it("ends the session in all tabs", async ({ user }) => {
    const { page } = user;
    await page.goto("/");
    await waitForList(page, "All notes", 0);
    await page.getByRole("link", { name: "New note" }).click();
    await waitForPage(page, "New note");
    const other = await user.newTab();
    await other.goto("/settings");
    await waitForPage(other, "Settings");

    await page.getByRole("button", { name: "Sign out" }).click();
    await waitForPage(page, "Sign in");
    expect(new URL(page.url()).search).toBe("");
    await waitForPage(other, "Sign in");

    await page.goBack();
    await waitForPage(page, "Sign in");
  });

  it("has a page with a button, and opening that page changes nothing", async ({ user: { page } }) => {
    await page.goto("/signout");
    await waitForPage(page, "Sign out");
    await page.reload();
    await waitForPage(page, "Sign out");
    await page.getByRole("button", { name: "Sign out" }).click();
    await waitForPage(page, "Sign in");
  });
});

describe("Settings", () => {
  it("password can be changed", async ({ user }) => {
    const { page } = user;
    await page.goto("/settings");
    await page.getByLabel("Current password").fill(PASSWORD);
    await page.getByLabel("New password", { exact: true }).fill(OTHER_PASSWORD);
    await page.getByLabel("Repeat new password").fill(OTHER_PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await waitForList(page, "All notes", 0);
    await page.getByText("Password is successfully changed").waitFor();

    await page.getByRole("button", { name: "Sign out" }).click();
    await submitSignIn(page, user.email, OTHER_PASSWORD);
    await waitForList(page, "All notes", 0);
  });

  it("can't if new passwords do not match", async ({ user: { page } }) => {
    await page.goto("/settings");
    await page.getByLabel("Current password").fill(PASSWORD);
    await page.getByLabel("New password", { exact: true }).fill(OTHER_PASSWORD);
    await page.getByLabel("Repeat new password").fill(PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    expect(await describedBy(page.getByLabel("Repeat new password"))).toBe("Passwords do not match");
  });

  it("a wrong current password is an error at its field, and keeps what was typed", async ({
    user: { page },
  }) => {
    await page.goto("/settings");
    await page.getByLabel("Current password").fill("not my password");
    await page.getByLabel("New password", { exact: true }).fill(OTHER_PASSWORD);
    await page.getByLabel("Repeat new password").fill(OTHER_PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByText("Current password is not correct").waitFor();
    expect(await describedBy(page.getByLabel("Current password"))).toBe("Current password is not correct");
    expect(await page.getByLabel("New password", { exact: true }).inputValue()).toBe(OTHER_PASSWORD);
  });

  it("another device's session can be ended", async ({ user }) => {
    const { page, origin, email } = user;
    const elsewhere = connect({ origin, fetch: withCookies(fetch) });
    await elsewhere.session.$post({ json: { email, password: PASSWORD } });
    await page.goto("/settings");
    // This browser's own ends by signing out.
    const here = page.getByRole("listitem").filter({ hasText: "This browser" });
    await here.getByText(/, since today at/).waitFor();
    await here.getByRole("button", { name: "Sign out" }).waitFor();
    await page.getByRole("button", { name: "End" }).click();
    await eventually(() => page.getByRole("button", { name: "End" }).count(), 0);
    await expect(elsewhere.session.$get()).rejects.toMatchObject({ code: "unauthenticated" });
  });
});

describe("Forgot password", () => {
  it("link is sent to a registered email", async ({ anonymousUser: { page } }) => {
    const email = await createAccount();
    await page.goto("/signin");
    await page.getByRole("link", { name: "Forgot password" }).click();
    // The page that is left has a field of that name too.
    await waitForPage(page, "Forgot password");
    await page.getByLabel("Email").fill(email);
    await page.getByRole("button", { name: "Send link" }).click();
    await page.getByText("If that address has an account, a link is on its way.").waitFor();
    await eventually(async () => (await mailsTo(email)).length, 1);
    const link = /http:\S+\/reset-password#\S+/.exec((await mailsTo(email))[0]?.text ?? "")?.[0] ?? "";

    await page.goto(link);
    await waitForPage(page, "New password");
    // The token is removed from the address.
    await eventually(async () => page.url().includes("#"), false);
    await page.getByLabel("New password", { exact: true }).fill(OTHER_PASSWORD);
    await page.getByLabel("Repeat new password").fill(OTHER_PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await waitForPage(page, "Sign in");
    await page.getByText("Password is successfully changed").waitFor();
    await submitSignIn(page, email, OTHER_PASSWORD);
    await waitForList(page, "All notes", 0);
  });

  it("a link without its token is rejected", async ({ anonymousUser: { page } }) => {
    await page.goto("/reset-password");
    await page.getByLabel("New password", { exact: true }).fill(OTHER_PASSWORD);
    await page.getByLabel("Repeat new password").fill(OTHER_PASSWORD);
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("alert").getByText("This link has expired or was already used").waitFor();
  });
});

/** Fills in and sends the form that makes an account. @returns its email */
async function signUp(page: Page): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel("Repeat password").fill(PASSWORD);
  await page.getByRole("button", { name: "Make an account" }).click();
  return email;
}

/** The description of a field, which a screen reader reads after its label. */
async function describedBy(field: Locator): Promise<string | undefined> {
  return await field.evaluate((input) => {
    const id = input.getAttribute("aria-describedby");
    return id ? document.getElementById(id)?.textContent?.trim() : undefined;
  });
}
