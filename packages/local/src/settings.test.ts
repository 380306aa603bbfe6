import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";
import { StartFailure } from "./start-failure.ts";

test.each([
  [{}, 3000],
  [{ PORT: "" }, 3000],
  [{ PORT: "0" }, 0],
  [{ PORT: "65535" }, 65_535],
])("in %j the port is %d", (environment, port) => {
  expect(readSettings(environment).port).toBe(port);
});

test.each(["-1", "65536", "3000x", "0x1F", " "])("PORT can't be %j", (port) => {
  expect(() => readSettings({ PORT: port })).toThrow(
    new StartFailure(`PORT must be a whole number from 0 to 65535, not "${port}".`),
  );
});

test.each(["localhost", "mysql://me:secret@localhost/notejam", "postgres://me:secret@localhost"])(
  "DATABASE_URL can't be %s, and its password is not repeated",
  (url) => {
    const reading = () => readSettings({ DATABASE_URL: url });

    expect(reading).toThrow(/^DATABASE_URL must be/);
    expect(reading).not.toThrow("secret");
  },
);
