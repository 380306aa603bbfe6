// What the API answers about a note's states, about the trash and about earlier times, beyond what core describes already.
import { Password } from "@notejam/core/field/schema";
import type { Note } from "@notejam/core/note/schema";
import type { Revision, RevisionPage, RevisionSummary } from "@notejam/core/revision/schema";
import type { TrashPage } from "@notejam/core/trash/schema";
import * as z from "zod/mini";
import { api } from "../../data/api.ts";

/** What made a state. */
type Kind = RevisionSummary["kind"] | "merge" | "conflict" | "import";

interface Made {
  kind: Kind;
  /** Browser and system where it was made, in short: `Firefox on Linux`. */
  device?: string | null;
  /** Words added and removed since the state before. */
  words?: { added: number; removed: number } | null;
}

/** A state of a note. */
export type State = Omit<RevisionSummary, "kind"> & Made;
export type StateWithText = Omit<Revision, "kind"> & Made;

export type StatePage = Omit<RevisionPage, "revisions"> & { revisions: State[]; total?: number };

export type TrashFound = TrashPage & { total?: number };

/** Confirms that something is deleted forever. */
export const DeleteForever = z.strictObject({ password: Password });
export type DeleteForever = z.infer<typeof DeleteForever>;

/** A note as it stood at a time. */
export interface PastNote {
  id: string;
  padId: string | null;
  name: string;
  excerpt: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  /** Whether it is another one now, or deleted. */
  differs: boolean;
}

export interface PastPage {
  notes: PastNote[];
  /** All pads as they stood, with the first page. */
  pads?: { id: string; name: string }[];
  total?: number;
  nextCursor: string | null;
}

export type PastText = Pick<
  Note,
  "id" | "padId" | "name" | "text" | "version" | "createdAt" | "updatedAt" | "tags"
>;

interface Answer<T> {
  status: number;
  json(): Promise<T>;
}
type Sent = { init?: RequestInit };
type Call<Input, T> = (input: Input, options?: Sent) => Promise<Answer<T>>;
type WithId = { param: { id: string } };
type Query = { query: Record<string, string> };

/** The routes as they are called. */
interface Routes {
  notes: {
    ":id": {
      revisions: {
        $get: Call<WithId & Query, StatePage>;
        ":version": {
          $get: Call<{ param: { id: string; version: string } }, { revision: StateWithText }>;
          restore: { $post: Call<{ param: { id: string; version: string } }, { note: Note }> };
        };
      };
    };
  };
  trash: {
    $get: Call<Query, TrashFound>;
    notes: { ":id": { $delete: Call<WithId & { json: DeleteForever }, { remaining: number }> } };
    pads: { ":id": { $delete: Call<WithId & { json: DeleteForever }, { remaining: number }> } };
  };
  history: {
    $get: Call<Query, PastPage>;
    notes: { ":id": { $get: Call<WithId & Query, { note: PastText }> } };
    restore: {
      $post: Call<{ json: { at: string; ids: string[] } }, { notes: { id: string; version: number }[] }>;
    };
  };
}

/** The API with these routes. */
export const stateApi = api as unknown as Routes;
