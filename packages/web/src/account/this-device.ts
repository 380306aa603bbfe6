// The name of this device, as states of notes have it that were made here.
import { onOtherUser } from "../data/session.ts";
import { getSessions } from "./account.ts";

let device: Promise<string | undefined> | undefined;
onOtherUser(() => {
  device = undefined;
});

/** The name that states have that are made here; undefined if it can't be known. */
export function thisDevice(): Promise<string | undefined> {
  device ??= getSessions().then(
    (sessions) => sessions.find(({ current }) => current)?.device,
    () => {
      device = undefined;
      return undefined;
    },
  );
  return device;
}

/** Where a state was made, if that is another device, whose name is known. Two browsers of one kind have one name. */
export async function otherDevice(made: { device: string | null }): Promise<string | undefined> {
  if (made.device === null) return undefined;
  const here = await thisDevice();
  return here === undefined || here === made.device ? undefined : made.device;
}
