// Which device this is.
import { onOtherUser } from "../data/session.ts";
import { getSessions } from "./account.ts";
import { type Made, nameOfOther } from "./device.ts";

let device: Promise<Made | undefined> | undefined;
onOtherUser(() => {
  device = undefined;
});

/** Undefined if it can't be found out. */
export function thisDevice(): Promise<Made | undefined> {
  device ??= getSessions().then(
    (sessions) => sessions.find(({ current }) => current),
    () => {
      device = undefined;
      return undefined;
    },
  );
  return device;
}

/** As `nameOfOther`, once it is known which device this is. */
export async function otherDevice(made: Made): Promise<string | undefined> {
  return nameOfOther(made, await thisDevice());
}
