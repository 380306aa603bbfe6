// What a thumb reaches, where the window is too narrow for the sidebar.

import { t } from "../words/index.ts";
import { isSidebarOpen, setSidebarOpen } from "./layout.ts";
import { open } from "./overlay.ts";
import "./thumb-bar.css";

export function ThumbBar(props: { create?: string }) {
  return (
    <nav class="thumb" aria-label={t("app.main")}>
      <button
        type="button"
        class="quiet"
        aria-expanded={isSidebarOpen()}
        aria-controls="sidebar"
        onClick={() => setSidebarOpen(!isSidebarOpen())}
      >
        {t("list.pads")}
      </button>
      <button type="button" class="quiet" onClick={() => open("palette")}>
        {t("app.find")}
      </button>
      <a class="button main-act" href={props.create ?? "/notes/create"}>
        {t("list.newNote")}
      </a>
    </nav>
  );
}
