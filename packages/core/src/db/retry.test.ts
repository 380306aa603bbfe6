import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { repeatWhereSafe } from "./retry.ts";

beforeEach(() => vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => vi.useRealTimers());

const named = (name: string, message = "") => Object.assign(new Error(message), { name });

/** A call that fails with each of `errors` in turn, and then answers. */
function failing(...errors: Error[]) {
  return vi.fn(async () => {
    const error = errors.shift();
    if (error) throw error;
    return "answer";
  });
}

test("a database that wakes is asked again, which is always safe", async () => {
  const call = failing(named("DatabaseResumingException"));

  expect(await repeatWhereSafe(call)).toBe("answer");
  expect(call).toHaveBeenCalledTimes(2);
});

test("one that takes longer is left to the client, with a time to come back", async () => {
  const call = vi.fn(async () => {
    vi.advanceTimersByTime(5000);
    throw named("DatabaseResumingException");
  });

  await expect(repeatWhereSafe(call)).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 5 });
  expect(call).toHaveBeenCalledTimes(1);
});

test.each(["40001", "40P01"])(
  "a statement that lost against another (%s) is repeated, a few times",
  async (state) => {
    const lost = () => named("DatabaseErrorException", `ERROR: lost; SQLState: ${state}`);

    expect(await repeatWhereSafe(failing(lost(), lost()))).toBe("answer");
    await expect(repeatWhereSafe(failing(lost(), lost(), lost(), lost()))).rejects.toThrow("lost");
  },
);

describe("what the SDK has repeated in vain", () => {
  test.each([
    named("ServiceUnavailableError"),
    named("DatabaseUnavailableException"),
    named("InternalServerErrorException"),
    named("StatementTimeoutException"),
    named("TimeoutError"),
    Object.assign(new Error("connect"), { code: "ECONNREFUSED" }),
  ])("is unavailable, with a time to come back: %s", async (error) => {
    const call = failing(error);

    await expect(repeatWhereSafe(call)).rejects.toMatchObject({ code: "unavailable", cause: error });
    expect(call).toHaveBeenCalledTimes(1);
  });
});

test("any other error is what it is", async () => {
  const error = named("DatabaseErrorException", "ERROR: syntax error; SQLState: 42601");

  await expect(repeatWhereSafe(failing(error))).rejects.toBe(error);
});
