// Asks for what may not be there.
import { isProblem } from "@notejam/client/problem";

/** @returns undefined if the account does not have what was asked for, or has it in the trash */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isProblem(error, "not_found")) return undefined;
    throw error;
  }
}
