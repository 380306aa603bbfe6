// The name of this device, as the states of notes that were made here have it.
import { onOtherUser } from "../data/session.ts";
import { getSessions } from "./account.ts";

let device: Promise<string | undefined> | undefined;
onOtherUser(() => {
  device = undefined;
});

/** The name in the states that are made here; undefined if it can't be found out. */
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

/** The name of the device on which a state was made, if it is another one. Two browsers of one kind have the same name. */
export async function otherDevice(made: { device: string | null }): Promise<string | undefined> {
  if (made.device === null) return undefined;
  const here = await thisDevice();
  return here === undefined || here === made.device ? undefined : made.device;
}
