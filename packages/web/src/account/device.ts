// Where a state of a note was made, by the device that it names: here, or on another one.
import { UNKNOWN_DEVICE } from "@notejam/core/device/limits";
import type { Note } from "@notejam/core/note/schema";

/** A device as sessions and states name it. Two browsers of one kind have the same name, and different ids. */
export type Made = Pick<Note, "device" | "deviceId">;

/** Whether a state was made here. A state from before devices had ids may have been made here too: nobody knows. */
export function isHere(made: Made, here: Made | undefined): boolean {
  return Boolean(made.deviceId) && made.deviceId === here?.deviceId;
}

/** The name of the other device that a state was made on; undefined if it was made here, or if nobody knows. */
export function nameOfOther(made: Made, here: Made | undefined): string | undefined {
  if (!here || !made.device || made.device === UNKNOWN_DEVICE) return undefined;
  const mayBeHere = made.deviceId ? isHere(made, here) : made.device === here.device;
  return mayBeHere ? undefined : made.device;
}
