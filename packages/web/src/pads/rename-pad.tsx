// Gives a pad another name.
import { Problem } from "@notejam/client/problem";
import { type Pad, RenamePad } from "@notejam/core/pad/schema";
import { asProblem } from "../data/problem.ts";
import { Dialog } from "../ui/dialog.tsx";
import { InputField } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
import { t } from "../words/note.ts";
import { renamePad } from "./writing.ts";

export default function RenamePadDialog(props: { pad: Pad; close: () => void }) {
  let base = props.pad;
  const form = createForm({
    initial: { name: base.name },
    check: (values) => checkWith(RenamePad, { name: values.name }),
    async submit(input) {
      try {
        await renamePad(base, input);
        props.close();
      } catch (thrown) {
        const problem = asProblem(thrown);
        if (problem.code !== "version_mismatch") throw problem;
        base = problem.current as Pad;
        throw new Problem("version_mismatch", {
          fields: { name: [t("padForm.renamedElsewhere", { name: base.name })] },
        });
      }
    },
  });
  return (
    <Dialog title={t("padForm.rename")} onCancel={props.close}>
      <form noValidate onSubmit={form.onSubmit}>
        <InputField
          form={form}
          name="name"
          label={t("padForm.name")}
          autocomplete="off"
          dir="auto"
          autofocus
        />
        <FormProblem form={form} />
        <p class="acts">
          <SubmitButton form={form}>{t("padForm.save")}</SubmitButton>
          <button type="button" class="quiet" onClick={() => props.close()}>
            {t("app.cancel")}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
