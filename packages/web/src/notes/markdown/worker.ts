// Parses Markdown away from the page: a text can be made that takes minutes, and a worker can be stopped.
import { toHtml } from "./to-html.ts";

/** What the worker answers to a text: its pieces, then `done` or `failed`. */
export type Answer = { html: string } | { done: true } | { failed: string };

addEventListener("message", ({ data: text }: MessageEvent<string>) => {
  const answer = (answer: Answer) => postMessage(answer);
  try {
    for (const html of toHtml(text)) answer({ html });
    answer({ done: true });
  } catch (thrown) {
    answer({ failed: String(thrown) });
  }
});
