// What every form does: checks what was typed with the API's own schemas, sends it once at a time, puts what is wrong
// at its field, takes the reader to the first such field, and keeps what was typed whatever happens.
import { batch, createSignal } from "solid-js";
import type * as z from "zod/mini";
import { asProblem, Problem } from "../data/problem.ts";

export type Values = Record<string, string>;
type Errors<V> = { [Name in keyof V]?: string };

export interface FormOptions<V extends Values, Input> {
  initial: V;
  /** What was typed, fit to be sent. @throws Problem with what is wrong, by field. */
  check(values: V): Input;
  /** Sends it. @throws Problem, which is shown. */
  submit(input: Input): Promise<void>;
}

export interface Form<V extends Values> {
  values: V;
  errors: Errors<V>;
  /** Whether a request is under way. */
  isPending(): boolean;
  /** What went wrong and belongs to no field. */
  problem(): Problem | undefined;
  type(name: keyof V, value: string): void;
  reset(values: V): void;
  onSubmit(event: SubmitEvent): Promise<void>;
}

export function createForm<V extends Values, Input>(options: FormOptions<V, Input>): Form<V> {
  const [values, setValues] = createSignal<V>(options.initial);
  const [errors, setErrors] = createSignal<Errors<V>>({});
  const [isPending, setPending] = createSignal(false);
  const [problem, setProblem] = createSignal<Problem>();

  /** Messages stand at their fields where the form has them, and with the form where it does not. */
  function show(failed: Problem, form: HTMLFormElement): void {
    const atFields = Object.entries(failed.fields).filter(([name]) => name in values());
    batch(() => {
      setErrors(
        () => Object.fromEntries(atFields.map(([name, messages]) => [name, messages[0]])) as Errors<V>,
      );
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
        setValues((typed) => ({ ...typed, [name]: value }));
        setErrors((found) => ({ ...found, [name]: undefined }));
      });
    },
    reset(to) {
      setValues(() => to);
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
        show(asProblem(thrown), form);
      } finally {
        setPending(false);
      }
    },
  };
}

/**
 * `input` as a schema of the API takes it.
 * @throws Problem `invalid_input` with the messages by field.
 */
export function checkWith<Input>(
  schema: z.ZodMiniType<Input>,
  input: unknown,
  further: Messages = {},
): Input {
  const parsed = schema.safeParse(input);
  const found = (parsed.error?.issues ?? []).map(({ path, message }) => [String(path[0]), message] as const);
  const fields: Record<string, string[]> = {};
  for (const [name, message] of [...found, ...Object.entries(further)]) {
    if (message) fields[name] = [...(fields[name] ?? []), message];
  }
  if (!parsed.success || Object.keys(fields).length > 0) throw new Problem("invalid_input", { fields });
  return parsed.data;
}

/** What the API has no rule for. */
type Messages = Record<string, string | undefined>;

/** A password is typed twice, so that a slip is seen before it locks its owner out. */
export function differs(password: string, repetition: string): string | undefined {
  return password === repetition ? undefined : "Passwords do not match";
}
