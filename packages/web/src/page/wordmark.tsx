// `notejam:`, which leads home. It reads from left to right in every language.
import { t } from "../words/index.ts";
import "./wordmark.css";

export function Wordmark(props: { class?: string }) {
  return (
    <a class={`wordmark ${props.class ?? ""}`} href="/" aria-label={t("app.home")}>
      <b>note</b>jam<i>:</i>
    </a>
  );
}
