// Gives a pad another name.
import { Problem } from "@notejam/client/problem";
import { type Pad, RenamePad } from "@notejam/core/pad/schema";
import { asProblem } from "../data/problem.ts";
import { Dialog } from "../ui/dialog.tsx";
import { checkWith, createForm } from "../ui/form-state.ts";
import { t } from "../words/note.ts";
import { PadForm } from "./pad-form.tsx";
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
      <PadForm form={form} act={t("padForm.save")} close={props.close} />
    </Dialog>
  );
}
