// Asks for the password before something is deleted forever, and says how long backups still hold it.
import { isProblem, Problem } from "@notejam/client/problem";
import { DeleteForEver } from "@notejam/core/trash/schema";
import { createSignal, onCleanup, Show } from "solid-js";
import { user } from "../data/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { InputField, Username } from "../ui/field.tsx";
import { checkWith, createForm } from "../ui/form.ts";
import { FormProblem, SubmitButton } from "../ui/submit.tsx";
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
      <form noValidate onSubmit={form.onSubmit}>
        <Username email={user()?.email} />
        <InputField
          form={form}
          name="password"
          label={t("field.password")}
          type="password"
          autocomplete="current-password"
          autofocus
        />
        <FormProblem form={form} />
        <p class="acts">
          <SubmitButton form={form}>{t("trash.forever")}</SubmitButton>
          <button type="button" class="quiet" onClick={() => props.close()}>
            {t("app.cancel")}
          </button>
          <span role="status" class="hint">
            <Show when={left()}>{(left) => t("forever.remaining", left())}</Show>
          </span>
        </p>
      </form>
    </Dialog>
  );
}
