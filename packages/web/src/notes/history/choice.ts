// Which version of a note is shown, and what it is compared with. The address has both.
import type { RevisionSummary } from "@notejam/core/revision/schema";
import { useLocation, useMatch, useNavigate, useSearchParams } from "@solidjs/router";
import { createEffect, createMemo } from "solid-js";
import type { Paged } from "../../data/paged.ts";
import type { Against } from "./comparison.tsx";

export type Choice = ReturnType<typeof createChoice>;

/** @param states the note's states, the newest first */
export function createChoice(noteId: string, states: Paged<RevisionSummary>) {
  const navigate = useNavigate();
  const location = useLocation();
  const [query, setQuery] = useSearchParams<{ against?: string }>();
  const inAddress = useMatch(() => "/notes/:id/history/:version");

  const present = () => states.rows[0];
  const version = createMemo(() => {
    const wanted = inAddress()?.params.version;
    if (wanted !== undefined) return /^[1-9]\d{0,9}$/.test(wanted) ? Number(wanted) : 0;
    return (states.rows[1] ?? present())?.version;
  });
  const index = () => states.rows.findIndex((state) => state.version === version());
  const older = () => states.rows[index() + 1];
  const newer = () => states.rows[index() - 1];
  const isPresent = () => version() === present()?.version;
  const against = (): Against => (query.against === "before" || isPresent() ? "before" : "now");

  // A version that was opened by its address can be on a page that is not loaded.
  createEffect(() => {
    const wanted = version();
    const oldest = states.rows.at(-1)?.version;
    if (wanted === undefined || oldest === undefined || states.problem) return;
    if (states.hasMore && wanted <= oldest) void states.loadMore();
  });

  const addressOf = (version: number) => `/notes/${noteId}/history/${version}${location.search}`;
  const open = (version: number) => navigate(addressOf(version), { replace: true });
  function step(to: RevisionSummary | undefined): boolean {
    if (to) open(to.version);
    return to !== undefined;
  }
  return {
    /** The version in the address, which may not exist; without one, that before the present one. */
    version,
    /** Its state, if that is loaded. */
    state: () => states.rows[index()],
    present,
    isPresent,
    against,
    setAgainst: (side: Against) => setQuery({ against: side === "before" ? side : "" }),
    /** The version that it is compared with; null if there is none, undefined until that is known. */
    other() {
      if (against() === "now") return present()?.version;
      return older()?.version ?? (states.isOpen && !states.hasMore ? null : undefined);
    },
    addressOf,
    open,
    hasOlder: () => older() !== undefined,
    hasNewer: () => newer() !== undefined,
    /** @returns whether there is one */
    openOlder: () => step(older()),
    openNewer: () => step(newer()),
  };
}
