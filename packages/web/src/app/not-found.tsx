// What is shown at an address that no page has: for a user who is signed in inside the frame, beside the places.
import type { RouteSectionProps } from "@solidjs/router";
import { Show } from "solid-js";
import { user } from "../data/session.ts";
import { FullPage } from "../page/full-page.tsx";
import { Gate } from "../page/gate.tsx";
import { t } from "../words/index.ts";
import { App } from "./shell.tsx";

export default function NotFound(props: RouteSectionProps) {
  return (
    <Show when={user() !== undefined}>
      <Show when={user()} fallback={<Outside />}>
        <App {...props}>
          <FullPage title={t("error.notFound")}>
            <div class="none">
              <p>{t("error.notFoundHint")}</p>
              <a class="button" href="/">
                {t("list.all")}
              </a>
            </div>
          </FullPage>
        </App>
      </Show>
    </Show>
  );
}

function Outside() {
  return (
    <Gate title={t("error.notFound")}>
      <p class="said">
        {t("error.notFoundHint")} <a href="/">{t("list.all")}</a>
      </p>
    </Gate>
  );
}
