// Makes a valid request of each route, for the suites that cover all routes.
import { randomUUID } from "node:crypto";
import { operations } from "../src/api/app.ts";
import type { Operation } from "../src/api/http/operation.ts";
import {
  type Answer,
  type Browser,
  newNote,
  newPad,
  newUser,
  type RequestOptions,
  type Service,
} from "./service.ts";

export interface Route {
  /** `PATCH /api/notes/:id` */
  name: string;
  method: string;
  path: string;
  operation: Operation;
}

export const ROUTES: Route[] = operations().map((route) => ({
  name: `${route.method} ${route.path}`,
  ...route,
}));

/** The things of one user. */
export interface Things {
  browser: Browser;
  note: string;
  pad: string;
  session: string;
  trashedNote: string;
  trashedPad: string;
}

/** Creates a user with one of each thing. */
export async function thingsOfNewUser(service: Service): Promise<Things> {
  const browser = await newUser(service);
  await browser.elsewhere().signIn();
  const { body } = await browser.get("/api/sessions");
  const session = body.sessions.find(({ current }) => !current)?.id ?? "";
  const trashedPad = (await newPad(browser, "Old pad")).id;
  const trashedNote = (await newNote(browser, { name: "Old note" })).id;
  await browser.delete(`/api/pads/${trashedPad}`);
  await browser.delete(`/api/notes/${trashedNote}`);
  const pad = (await newPad(browser)).id;
  const note = (await newNote(browser, { padId: pad })).id;
  return { browser, note, pad, session, trashedNote, trashedPad };
}

/** A body that the route takes: its example, with what must be new each time, and the ids of `things` if they are given. */
export function bodyFor(
  { name, operation: { example } }: Route,
  things?: Things,
): Record<string, unknown> | undefined {
  switch (name) {
    case "PUT /api/notes/marks":
    case "POST /api/notes/delete":
      return things ? { ...example, ids: [things.note] } : example;
    case "POST /api/notes/restore":
      return things ? { ids: [things.trashedNote] } : example;
    case "POST /api/notes/move":
      return things ? { notes: [{ id: things.note, padId: null }] } : example;
    case "POST /api/history/restore":
      return things ? { at: new Date().toISOString(), ids: [things.note] } : example;
    case "DELETE /api/trash/notes/:id":
    case "DELETE /api/trash/pads/:id":
      return things ? { password: things.browser.password } : example;
    case "POST /api/users":
      return { ...example, email: `${randomUUID()}@example.com` };
    case "POST /api/pads":
    case "POST /api/notes":
      return { id: randomUUID(), ...example };
    default:
      return example;
  }
}

/** The route's path with the ids of `things`. */
export function pathFor({ path }: Route, things: Things): string {
  const id = path.startsWith("/api/sessions/")
    ? things.session
    : path.startsWith("/api/trash/notes/")
      ? things.trashedNote
      : path.startsWith("/api/trash/pads/")
        ? things.trashedPad
        : path.startsWith("/api/pads/")
          ? things.pad
          : things.note;
  return path.replace(":id", id).replace(":version", "1");
}

/** The query parameters that the route needs: `q=milk`. */
export function queryFor({ name }: Route): string {
  if (/^GET \/api\/history(\/notes|$)/.test(name)) return `at=${new Date().toISOString()}`;
  return name === "GET /api/search" ? "q=milk" : "";
}

/** Sends a valid request of the route, with the ids of `things`. */
export function send(
  route: Route,
  things: Things,
  { browser = things.browser, query = "", body = bodyFor(route, things), ...options }: SendOptions = {},
): Promise<Answer> {
  const version = route.operation.ifMatch ? 1 : undefined;
  const needed = queryFor(route);
  const whole = needed && query ? `?${needed}&${query.slice(1)}` : needed ? `?${needed}` : query;
  return browser.request(route.method, pathFor(route, things) + whole, body, { version, ...options });
}

interface SendOptions extends RequestOptions {
  browser?: Browser;
  query?: string;
  body?: unknown;
}

/** The names of the fields in a route's body. */
export function fieldsOf({ operation }: Route): string[] {
  return Object.keys(operation.body?.shape ?? {});
}
