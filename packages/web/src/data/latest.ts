// An answer of the service to what is wanted now. A request is given up for the next one, so that only the newest is shown.
import type { Problem } from "@notejam/client/problem";
import { type Accessor, createEffect, createSignal, on, onCleanup } from "solid-js";
import { listen } from "./listen.ts";
import { asProblem } from "./problem.ts";

/**
 * Asks as long as the component is shown: whenever something else is wanted, and again after a problem when the network
 * comes back.
 * @param wanted undefined: nothing is asked
 */
export function createLatest<Wanted, Answer>(
  wanted: Accessor<Wanted | undefined>,
  ask: (wanted: Wanted, signal: AbortSignal) => Promise<Answer>,
  show: (answer: Answer) => void,
): { problem: Accessor<Problem | undefined>; again: () => void } {
  const [problem, setProblem] = createSignal<Problem>();
  const [turn, setTurn] = createSignal(0);
  const again = () => void setTurn(turn() + 1);
  createEffect(
    on([wanted, turn], ([now]) => {
      setProblem(undefined);
      if (now === undefined) return;
      const asking = new AbortController();
      const { signal } = asking;
      onCleanup(() => asking.abort());
      ask(now, signal).then(
        (answer) => signal.aborted || show(answer),
        (thrown) => signal.aborted || setProblem(asProblem(thrown)),
      );
    }),
  );
  listen(window, "online", () => problem() && again());
  return { problem, again };
}
