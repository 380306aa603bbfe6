import { t } from "../words/index.ts";

export function CancelButton(props: { act: () => void }) {
  return (
    <button type="button" class="quiet" onClick={() => props.act()}>
      {t("app.cancel")}
    </button>
  );
}
