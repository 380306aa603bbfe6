// What every form does: it checks the values with the API's own schemas, sends them once at a time, shows each message at
// its field, moves the focus to the first invalid field, and never loses what was typed.
import { Problem } from "@notejam/client/problem";
import { codeOf, type FieldCode } from "@notejam/core/field/schema";
import { batch, createSignal } from "solid-js";
import type * as z from "zod/mini";
import { fieldMessages } from "../data/field-problem.ts";
import { asProblem } from "../data/problem.ts";
import { t } from "../words/form.ts";

export type Values = Record<string, string>;
type Errors<V> = { [Name in keyof V]?: string };

export interface FormOptions<V extends Values, Input> {
  initial: V;
  /** Turns the values into what is sent. @throws Problem with messages by field. */
  check(values: V): Input;
  /** Sends it. @throws Problem, which the form shows. */
  submit(input: Input): Promise<void>;
}

export interface FormState<V extends Values> {
  values: V;
  errors: Errors<V>;
  /** Whether a request is running. */
  isPending(): boolean;
  /** A problem that belongs to no field. */
  problem(): Problem | undefined;
  type(name: keyof V, value: string): void;
  onSubmit(event: SubmitEvent): Promise<void>;
}

export function createForm<V extends Values, Input>(options: FormOptions<V, Input>): FormState<V> {
  const [values, setValues] = createSignal<V>(options.initial);
  const [errors, setErrors] = createSignal<Errors<V>>({});
  const [isPending, setPending] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();

  /** Shows each message at its field, or with the form if the form has no such field. */
  function showProblem(failed: Problem, form: HTMLFormElement): void {
    const atFields = Object.entries(fieldMessages(failed)).filter(([name]) => name in values());
    batch(() => {
      setErrors(() => Object.fromEntries(atFields) as Errors<V>);
      setProblem(atFields.length === 0 ? failed : undefined);
    });
    form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }

  return {
    get values() {
      return values();
    },
    get errors() {
      return errors();
    },
    isPending,
    problem,
    type(name, value) {
      batch(() => {
        setValues((current) => ({ ...current, [name]: value }));
        setErrors((current) => ({ ...current, [name]: undefined }));
      });
    },
    async onSubmit(event) {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      if (isPending()) return;
      batch(() => {
        setErrors({});
        setProblem(undefined);
        setPending(true);
      });
      try {
        await options.submit(options.check(values()));
      } catch (thrown) {
        showProblem(asProblem(thrown), form);
      } finally {
        setPending(false);
      }
    },
  };
}

/**
 * Parses `input` with a schema of the API.
 * @param more messages of the form's own, by field
 * @throws Problem `invalid_input` with messages by field
 */
export function checkWith<Input>(schema: z.ZodMiniType<Input>, input: unknown, more: Messages = {}): Input {
  const parsed = schema.safeParse(input);
  const fields: Record<string, string[]> = {};
  const codes: Record<string, FieldCode[]> = {};
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    fields[name] = [...(fields[name] ?? []), issue.message];
    codes[name] = [...(codes[name] ?? []), codeOf(issue, input)];
  }
  for (const [name, message] of Object.entries(more)) {
    if (message) fields[name] = [...(fields[name] ?? []), message];
  }
  if (!parsed.success || Object.keys(fields).length > 0)
    throw new Problem("invalid_input", { fields, codes });
  return parsed.data;
}

type Messages = Record<string, string | undefined>;

/** New passwords are typed twice, since a typo would lock the user out. */
export function passwordMismatch(password: string, repetition: string): string | undefined {
  return password === repetition ? undefined : t("mismatch");
}
