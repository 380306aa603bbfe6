// Parses Markdown in a worker, which can be stopped: some texts would take minutes.
import { type Piece, toHtml } from "./to-html.ts";

/** The worker's answers to a text: that it has loaded and begins, its pieces, then `done` or `failed`. */
export type Answer = { begun: true } | Piece | { done: true } | { failed: string };

addEventListener("message", ({ data: text }: MessageEvent<string>) => {
  const answer = (answer: Answer) => postMessage(answer);
  answer({ begun: true });
  try {
    for (const piece of toHtml(text)) answer(piece);
    answer({ done: true });
  } catch (thrown) {
    answer({ failed: String(thrown) });
  }
});
