import { Problem } from "@notejam/client/problem";
import { SignUp } from "@notejam/core/account/schema";
import { describe, expect, it } from "vitest";
import { checkWith, createForm, passwordMismatch } from "./form-state.ts";

describe("input", () => {
  it("is sent as the API's schema returns it", () => {
    const parsed = checkWith(SignUp, { email: " Someone@Example.com ", password: "correct horse" });
    expect(parsed).toEqual({ email: "someone@example.com", password: "correct horse" });
  });

  it("is rejected with the messages of the API and of the form, by field", () => {
    const repetition = passwordMismatch("short", "other");
    expect(messages(() => checkWith(SignUp, { email: "", password: "short" }, { repetition }))).toEqual({
      email: ["Email is required"],
      password: ["Password is too short (8 characters at least)"],
      repetition: ["Passwords do not match"],
    });
  });

  it("is rejected by the form's own rules too", () => {
    const typed = { email: "someone@example.com", password: "correct horse" };
    const repetition = passwordMismatch("correct horse", "");
    expect(messages(() => checkWith(SignUp, typed, { repetition }))).toEqual({
      repetition: ["Passwords do not match"],
    });
    expect(checkWith(SignUp, typed, { repetition: passwordMismatch("same", "same") })).toEqual(typed);
  });
});

describe("a form", () => {
  it("sends once, even if it is submitted again while the request is running", async () => {
    const sent: string[] = [];
    let arrive = () => {};
    const form = createForm({
      initial: { name: "" },
      check: ({ name }) => name,
      submit: (name) => {
        sent.push(name);
        return new Promise<void>((resolve) => {
          arrive = resolve;
        });
      },
    });
    form.type("name", "typed");
    const submitted = form.onSubmit(submitEvent());
    await form.onSubmit(submitEvent());
    expect(form.isPending()).toBe(true);
    arrive();
    await submitted;
    expect(form.isPending()).toBe(false);
    expect(sent).toEqual(["typed"]);
  });

  it("keeps the values, and shows the message at the field until the field changes", async () => {
    const form = failing(new Problem("invalid_input", { fields: { name: ["Name is taken", "and long"] } }));
    form.type("name", "typed");
    await form.onSubmit(submitEvent());
    expect(form.values.name).toBe("typed");
    expect(form.errors.name).toBe("Name is taken");
    expect(form.problem()).toBeUndefined();
    form.type("name", "other");
    expect(form.errors.name).toBeUndefined();
  });

  it("shows a problem that belongs to none of its fields", async () => {
    const form = failing(new Problem("invalid_input", { fields: { token: ["This link is dead."] } }));
    await form.onSubmit(submitEvent());
    expect(form.problem()?.fields.token).toEqual(["This link is dead."]);
  });
});

function failing(problem: Problem) {
  return createForm({
    initial: { name: "" },
    check: (values) => values,
    submit: () => Promise.reject(problem),
  });
}

/** The part of an event that a form uses. */
function submitEvent(): SubmitEvent {
  const form = document.createElement("form");
  const event = new SubmitEvent("submit");
  Object.defineProperty(event, "currentTarget", { value: form });
  return event;
}

function messages(check: () => unknown): Record<string, string[]> {
  try {
    check();
  } catch (thrown) {
    return (thrown as Problem).fields;
  }
  return {};
}
