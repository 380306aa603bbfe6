// Ends the session; asks first where something is unsaved. Without an answer the session lives on, and it says so.
import { createSignal } from "solid-js";
import { mayLeave } from "../app/leave-guard.ts";
import { asProblem, explain } from "../data/problem.ts";
import { signOut } from "../data/session.ts";
import { ask } from "../ui/confirm.tsx";

export function SignOutButton(props: { class?: string }) {
  const [isPending, setPending] = createSignal(false);

  async function end(): Promise<void> {
    if (isPending() || !(await mayLeave())) return;
    setPending(true);
    try {
      await signOut();
    } catch (thrown) {
      const text = `${explain(asProblem(thrown))} You are still signed in.`;
      const again = await ask({
        title: "Not signed out",
        text,
        yes: "Try again",
        no: "Cancel",
        loses: false,
      });
      if (again) queueMicrotask(end);
    } finally {
      setPending(false);
    }
  }

  return (
    <button type="button" class={props.class} aria-disabled={isPending()} onClick={end}>
      Sign out
    </button>
  );
}
