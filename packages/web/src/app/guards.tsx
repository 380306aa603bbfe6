// Who may see which pages: readers need a session, and pages for visitors lead readers on.
import { Navigate, type RouteSectionProps, useLocation, useSearchParams } from "@solidjs/router";
import { Show } from "solid-js";
import { safeNext, withNext } from "../account/next.ts";
import { hasSignedOut, user } from "../data/session.ts";

/** Sends a visitor to sign in, and from there back here. */
export function ReadersOnly(props: RouteSectionProps) {
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

/** Sends a reader on to where they were going. */
export function VisitorsOnly(props: RouteSectionProps) {
  const [query] = useSearchParams();
  return (
    <Show when={user() !== undefined}>
      <Show when={!user()} fallback={<Navigate href={() => safeNext(query.next)} />}>
        {props.children}
      </Show>
    </Show>
  );
}
