// Creates a pad. The page chooses its id when it opens, so that sending it again does not create a second pad.
import { useAction, useNavigate } from "@solidjs/router";
import { Page } from "../app/page.tsx";
import { newId } from "../data/id.ts";
import { flash } from "../ui/flash.tsx";
import { createPad } from "./actions.ts";
import { PadForm } from "./pad-form.tsx";

export default function NewPad() {
  const navigate = useNavigate();
  const create = useAction(createPad);
  const id = newId();
  return (
    <Page title="New pad" focus="input[name=name]">
      <PadForm
        name=""
        submit="Create"
        cancel="/"
        onSave={async (input) => {
          const pad = await create({ id, ...input });
          flash("Pad is successfully created", `/pads/${pad.id}`);
          navigate(`/pads/${pad.id}`, { replace: true });
        }}
      />
    </Page>
  );
}
