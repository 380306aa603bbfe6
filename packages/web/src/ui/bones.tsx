// Stands for rows that are still loading: nothing at first, then grey places of their height, so that nothing shifts.
import { For } from "solid-js";
import { t } from "../words/index.ts";
import "./bones.css";

const ROWS = Array.from({ length: 6 });

export function Bones() {
  return (
    <div class="bones">
      <p class="hush" role="status">
        {t("app.loading")}
      </p>
      <For each={ROWS}>{() => <i />}</For>
    </div>
  );
}
