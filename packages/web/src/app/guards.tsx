// Who may see which pages: some need a session, and some are only for users who are signed out.
import { Navigate, type RouteSectionProps, useLocation, useSearchParams } from "@solidjs/router";
import { Show } from "solid-js";
import { safeNext, withNext } from "../account/next.ts";
import { hasSignedOut, user } from "../data/session.ts";

/** Leads a user who is signed out to sign-in, and from there back here. */
export function SignedInOnly(props: RouteSectionProps) {
  const location = useLocation();
  const here = () => location.pathname + location.search + location.hash;
  return (
    <Show when={user() !== undefined}>
      <Show
        when={user()}
        fallback={<Navigate href={() => (hasSignedOut() ? "/signin" : withNext("/signin", here()))} />}
      >
        {props.children}
      </Show>
    </Show>
  );
}

/** Leads a user who is signed in to where they were going. */
export function SignedOutOnly(props: RouteSectionProps) {
  const [query] = useSearchParams();
  return (
    <Show when={user() !== undefined}>
      <Show when={!user()} fallback={<Navigate href={() => safeNext(query.next)} />}>
        {props.children}
      </Show>
    </Show>
  );
}
