// The palette and the list of keys, whose code loads when one is opened; and the keys that work everywhere.
import { useLocation, useNavigate } from "@solidjs/router";
import { onCleanup, Show, Suspense } from "solid-js";
import { type Keys, listenToKeys } from "../app/keys.ts";
import { lazily } from "../app/lazily.ts";
import { addressOfNewNote, filterOf } from "../notes/list/filter.ts";
import { open, opened } from "./open.ts";

const Palette = lazily(() => import("./palette.tsx"));
const KeyList = lazily(() => import("./key-list.tsx"));

export function Overlays() {
  const navigate = useNavigate();
  const location = useLocation();
  const clickIn = (selector: string) => document.querySelector<HTMLElement>(selector)?.click();
  const keys: Keys = {
    "mod+k": () => open("palette"),
    "?": () => open("keys"),
    n: () => navigate(addressOfNewNote(filterOf(location))),
    e: () => clickIn("[data-key=edit]"),
    p: () => clickIn("[data-key=pin]"),
    z: () => clickIn(".dock [data-key=undo]"),
    "g a": () => navigate("/"),
    "g s": () => navigate("/settings"),
  };
  // What is typed before the palette is there is not meant for the page.
  onCleanup(listenToKeys(() => (opened() === undefined ? keys : {})));
  return (
    <Suspense>
      <Show when={opened() === "palette"}>
        <Palette close={() => open(undefined)} />
      </Show>
      <Show when={opened() === "keys"}>
        <KeyList close={() => open(undefined)} />
      </Show>
    </Suspense>
  );
}
