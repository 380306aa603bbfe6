// Makes a pad from anywhere, also where the sidebar is not shown.
import { Dialog } from "../ui/dialog.tsx";
import { t } from "../words/index.ts";
import NewPadForm from "./new-pad-form.tsx";

export default function NewPadDialog(props: { close: () => void }) {
  return (
    <Dialog title={t("pad.new")} onCancel={props.close}>
      <NewPadForm close={props.close} />
    </Dialog>
  );
}
