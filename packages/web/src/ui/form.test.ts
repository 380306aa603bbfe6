import { SignUp } from "@notejam/core/account/schema";
import { describe, expect, it } from "vitest";
import { Problem } from "../data/problem.ts";
import { checkWith, createForm, differs } from "./form.ts";

describe("what was typed", () => {
  it("is sent as the API takes it", () => {
    const sent = checkWith(SignUp, { email: " Ana@Example.com ", password: "correct horse" });
    expect(sent).toEqual({ email: "ana@example.com", password: "correct horse" });
  });

  it("is refused with the API's own words, by field, together with the form's own rules", () => {
    const repetition = differs("short", "other");
    expect(messages(() => checkWith(SignUp, { email: "", password: "short" }, { repetition }))).toEqual({
      email: ["Email is required"],
      password: ["Password is too short (8 characters at least)"],
      repetition: ["Passwords do not match"],
    });
  });

  it("is refused by the form's own rules alone", () => {
    const typed = { email: "ana@example.com", password: "correct horse" };
    const repetition = differs("correct horse", "");
    expect(messages(() => checkWith(SignUp, typed, { repetition }))).toEqual({
      repetition: ["Passwords do not match"],
    });
    expect(checkWith(SignUp, typed, { repetition: differs("same", "same") })).toEqual(typed);
  });
});

describe("a form", () => {
  it("sends once, however often it is submitted while that is under way", async () => {
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

  it("keeps what was typed and says at the field what is wrong, until it is typed anew", async () => {
    const form = failing(new Problem("invalid_input", { fields: { name: ["Name is taken", "and long"] } }));
    form.type("name", "typed");
    await form.onSubmit(submitEvent());
    expect(form.values.name).toBe("typed");
    expect(form.errors.name).toBe("Name is taken");
    expect(form.problem()).toBeUndefined();
    form.type("name", "other");
    expect(form.errors.name).toBeUndefined();
  });

  it("says for itself what belongs to none of its fields", async () => {
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

/** All of an event that a form looks at. */
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
