// Asks for the password before something is deleted forever, and says how long backups still hold it.
import { isProblem, Problem } from "@notejam/client/problem";
import { DeleteForEver } from "@notejam/core/trash/schema";
import { createSignal, onCleanup, Show } from "solid-js";
import { user } from "../data/session.ts";
import { CancelButton } from "../ui/cancel-button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { PasswordField, Username } from "../ui/field.tsx";
import { Form, SubmitButton } from "../ui/form.tsx";
import { checkWith, createForm } from "../ui/form-state.ts";
import { t } from "../words/trash.ts";
import { backupsUntil, deleteForever, type Trashed } from "./trash.ts";

export default function DeleteForeverDialog(props: { item: Trashed; done: () => void; close: () => void }) {
  const [left, setLeft] = createSignal<number>();
  const ending = new AbortController();
  onCleanup(() => ending.abort());

  const form = createForm({
    initial: { password: "" },
    check: (values) => checkWith(DeleteForEver, values),
    async submit({ password }) {
      try {
        await deleteForever(props.item, password, setLeft, ending.signal);
        props.done();
      } catch (thrown) {
        if (ending.signal.aborted) return;
        if (!isProblem(thrown, "wrong_credentials")) throw thrown;
        throw new Problem("wrong_credentials", {
          fields: { password: [thrown.message] },
          codes: { password: ["wrong"] },
        });
      } finally {
        setLeft(undefined);
      }
    },
  });
  return (
    <Dialog title={t("forever.title", { name: props.item.name })} onCancel={props.close}>
      <p>
        {props.item.kind === "pad" ? t("forever.pad", props.item.noteCount) : t("forever.note")}{" "}
        {t("forever.backups", { day: backupsUntil() })}
      </p>
      <Form
        form={form}
        acts={
          <>
            <SubmitButton form={form}>{t("trash.forever")}</SubmitButton>
            <CancelButton act={props.close} />
            <span role="status" class="hint">
              <Show when={left()}>{(left) => t("forever.remaining", left())}</Show>
            </span>
          </>
        }
      >
        <Username email={user()?.email} />
        <PasswordField form={form} name="password" label={t("field.password")} autofocus />
      </Form>
    </Dialog>
  );
}
