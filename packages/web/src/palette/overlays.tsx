// What lies over the page, whose code loads when one is opened; and the keys that work everywhere.
import { useLocation, useNavigate } from "@solidjs/router";
import { Match, Suspense, Switch } from "solid-js";
import { addressOfNewNote, filterOf } from "../notes/list/filter.ts";
import { useKeys } from "../page/keys.ts";
import { lazily } from "../page/lazily.ts";
import { open, opened } from "../page/overlay.ts";

const Palette = lazily(() => import("./palette.tsx"));
const KeyList = lazily(() => import("./key-list.tsx"));
const NewPad = lazily(() => import("../pads/new-pad-dialog.tsx"));
const MoveTo = lazily(() => import("./move-to.tsx"));

export function Overlays() {
  const navigate = useNavigate();
  const location = useLocation();
  const clickIn = (selector: string) => {
    const found = document.querySelector<HTMLElement>(selector);
    found?.click();
    return found !== null;
  };
  useKeys({
    "mod+k": () => open("palette"),
    "?": () => open("keys"),
    n: () => navigate(addressOfNewNote(filterOf(location))),
    e: () => clickIn("[data-key=edit]"),
    z: () => clickIn(".dock [data-key=undo]"),
    "g a": () => navigate("/"),
    "g t": () => navigate("/trash"),
    "g h": () => navigate("/past"),
    "g s": () => navigate("/settings"),
  });
  const close = () => open(undefined);
  const move = () => {
    const overlay = opened();
    return typeof overlay === "object" ? overlay : undefined;
  };
  return (
    <Suspense>
      <Switch>
        <Match when={opened() === "palette"}>
          <Palette close={close} />
        </Match>
        <Match when={opened() === "keys"}>
          <KeyList close={close} />
        </Match>
        <Match when={opened() === "newPad"}>
          <NewPad close={close} />
        </Match>
        <Match when={move()}>
          {(asked) => <MoveTo notes={asked().move} done={asked().done} close={close} />}
        </Match>
      </Switch>
    </Suspense>
  );
}
