// Makes a new pad. Its id is chosen when the page opens, so that sending it again is the same creation.
import { useAction, useNavigate } from "@solidjs/router";
import { Page } from "../app/page.tsx";
import { newId } from "../data/id.ts";
import { say } from "../ui/flash.ts";
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
          say("Pad is successfully created", `/pads/${pad.id}`);
          navigate(`/pads/${pad.id}`, { replace: true });
        }}
      />
    </Page>
  );
}
