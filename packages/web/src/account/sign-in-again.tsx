// Asks to sign in again when the session is lost. The page stays as it is, and continues after that.
import { Show, Suspense } from "solid-js";
import { signInAgain } from "../data/session.ts";
import { lazily } from "../page/lazily.ts";

const SignInAgainForm = lazily(() => import("./sign-in-again-form.tsx"));

export function SignInAgainDialog() {
  return (
    <Show when={signInAgain()} keyed>
      {(request) => (
        <Suspense>
          <SignInAgainForm request={request} />
        </Suspense>
      )}
    </Show>
  );
}
