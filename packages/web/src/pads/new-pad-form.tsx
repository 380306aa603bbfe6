// The form for a new pad. It chooses the pad's id when it opens, so that sending it again does not make a second pad.
import { CreatePad } from "@notejam/core/pad/schema";
import { useNavigate } from "@solidjs/router";
import { newId } from "../data/id.ts";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { t } from "../words/note.ts";
import { createPad } from "./writing.ts";

export default function NewPadForm(props: { close: () => void }) {
  const navigate = useNavigate();
  const id = newId();
  const form = createForm({
    initial: { name: "" },
    check: (values) => checkWith(CreatePad, { id, name: values.name }),
    async submit(input) {
      const pad = await createPad({ ...input, id });
      props.close();
      navigate(`/pads/${pad.id}`);
    },
  });
  return (
    <form class="pad-form" noValidate onSubmit={form.onSubmit} onKeyDown={closeOnEscape(props.close)}>
      <InputField
        form={form}
        name="name"
        label={t("padForm.name")}
        autocomplete="off"
        dir="auto"
        autofocus
        ref={(input: HTMLInputElement) => queueMicrotask(() => input.focus())}
      />
      <FormProblem form={form} />
      <p class="acts">
        <SubmitButton form={form}>{t("padForm.create")}</SubmitButton>
        <button type="button" class="quiet" onClick={() => props.close()}>
          {t("app.cancel")}
        </button>
      </p>
    </form>
  );
}

function closeOnEscape(close: () => void) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
}
