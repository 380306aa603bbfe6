// The form for a new pad. It chooses the pad's id when it opens, so that sending it again does not make a second pad.
import { CreatePad } from "@notejam/core/pad/schema";
import { useNavigate } from "@solidjs/router";
import { newId } from "../data/id.ts";
import { checkWith, createForm } from "../ui/form-state.ts";
import { t } from "../words/note.ts";
import { PadForm } from "./pad-form.tsx";
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
    <PadForm
      form={form}
      act={t("padForm.create")}
      close={props.close}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        props.close();
      }}
    />
  );
}
