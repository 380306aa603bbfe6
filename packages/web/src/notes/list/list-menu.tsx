// What can be done with a list: another order, and for a pad another name or the trash, with a way back.
import type { Order } from "@notejam/core/note/limits";
import { useNavigate } from "@solidjs/router";
import { createSignal, Show, Suspense } from "solid-js";
import { pads } from "../../pads/pads.ts";
import { deletePad, restorePad } from "../../pads/writing.ts";
import { lazily } from "../../page/lazily.ts";
import { say, sayProblem } from "../../ui/dock.tsx";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import { t } from "../../words/note.ts";
import { addressOf, type ListFilter } from "./filter.ts";

const RenamePadDialog = lazily(() => import("../../pads/rename-pad.tsx"));

const ORDER_WORDS = {
  "-updated_at": "order.newest",
  updated_at: "order.oldest",
  name: "order.nameUp",
  "-name": "order.nameDown",
} as const;

export default function ListMenu(props: { filter: ListFilter; select: () => void }) {
  const navigate = useNavigate();
  const [isRenaming, setRenaming] = createSignal(false);
  const pad = () => pads.byId(props.filter.pad);

  const orders = (): MenuItem[] =>
    Object.entries(ORDER_WORDS).map(([order, words]) => ({
      label: t(words),
      act: () => navigate(addressOf({ ...props.filter, order: order as Order })),
      isChosen: props.filter.order === order,
    }));
  const ofPad = (): MenuItem[] =>
    pad()
      ? [
          { label: t("padForm.rename"), act: () => setRenaming(true) },
          { label: t("list.asOf"), act: () => navigate(`/past?pad=${pad()?.id}`) },
          { label: t("padForm.delete"), act: removePad },
        ]
      : [];

  async function removePad(): Promise<void> {
    const removed = pad();
    if (!removed) return;
    const { id, name, noteCount } = removed;
    try {
      await deletePad(id);
      navigate("/");
      say(t("padForm.deleted", name, noteCount), async () => {
        await restorePad(id);
        navigate(`/pads/${id}`);
      });
    } catch (thrown) {
      sayProblem(thrown, removePad);
    }
  }

  return (
    <>
      <Menu
        label={t("app.more")}
        items={[{ label: t("selection.begin"), act: props.select }, ...orders(), ...ofPad()]}
      />
      {/* The menu stays while its code loads. */}
      <Suspense>
        <Show when={isRenaming() && pad()}>
          {(pad) => <RenamePadDialog pad={pad()} close={() => setRenaming(false)} />}
        </Show>
      </Suspense>
    </>
  );
}
