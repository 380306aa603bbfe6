// The route table: which page is at which address, and what to read while its code loads. A page's code loads when it is
// first opened, and the code of all pages when the browser is idle.
import { Route, type RoutePreloadFuncArgs, Router } from "@solidjs/router";
import { type Component, lazy } from "solid-js";
import { getSessions } from "../account/queries.ts";
import { filterOf } from "../notes/note-list.ts";
import { getNote, getNotes } from "../notes/queries.ts";
import { getPad, getPads } from "../pads/queries.ts";
import { NotFound } from "./error-page.tsx";
import { SignedInOnly, SignedOutOnly } from "./guards.tsx";
import { Shell } from "./shell.tsx";

const pages: { preload: () => Promise<unknown> }[] = [];

function page(load: () => Promise<{ default: Component }>): Component {
  const component = lazy(load);
  pages.push(component);
  return component;
}

const SignIn = page(() => import("../account/sign-in.tsx"));
const SignUp = page(() => import("../account/sign-up.tsx"));
const ForgotPassword = page(() => import("../account/forgot-password.tsx"));
const ResetPassword = page(() => import("../account/reset-password.tsx"));
const Settings = page(() => import("../account/settings.tsx"));
const SignOut = page(() => import("../account/sign-out.tsx"));
const AllNotes = page(() => import("../notes/all-notes.tsx"));
const NewNote = page(() => import("../notes/new-note.tsx"));
const Note = page(() => import("../notes/note.tsx"));
const EditNote = page(() => import("../notes/edit-note.tsx"));
const DeleteNote = page(() => import("../notes/delete-note.tsx"));
const NewPad = page(() => import("../pads/new-pad.tsx"));
const Pad = page(() => import("../pads/pad.tsx"));
const EditPad = page(() => import("../pads/edit-pad.tsx"));
const DeletePad = page(() => import("../pads/delete-pad.tsx"));

/** Loads the code of all pages, so that the next one opens at once, also after a deployment. */
export function loadPages(): void {
  // A page that fails to load here is loaded again when it is opened, and reports the error there.
  for (const page of pages) page.preload().catch(() => undefined);
}

const readNote = ({ params }: RoutePreloadFuncArgs) => {
  void getPads();
  void getNote(String(params.id));
};
const readPad = ({ params }: RoutePreloadFuncArgs) => {
  void getPads();
  void getPad(String(params.id));
};

export function App() {
  return (
    // Notes can be large, and reading one is a call to the database. Hovering over a link is no reason to read it.
    <Router root={Shell} preload={false} scrollRestoration>
      <Route path="/" component={SignedOutOnly}>
        <Route path="/signin" component={SignIn} />
        <Route path="/signup" component={SignUp} />
      </Route>
      <Route path="/forgot-password" component={ForgotPassword} />
      <Route path="/reset-password" component={ResetPassword} />
      <Route path="/" component={SignedInOnly}>
        <Route path="/settings" component={Settings} preload={() => void getSessions()} />
        <Route path="/signout" component={SignOut} />
        <Route path="/" info={{ pads: true }}>
          <Route
            path="/"
            component={AllNotes}
            preload={({ location }) => {
              void getPads();
              void getNotes(filterOf(location.query));
            }}
          />
          <Route path="/notes/create" component={NewNote} preload={() => void getPads()} />
          <Route path="/notes/:id" component={Note} preload={readNote} />
          <Route path="/notes/:id/edit" component={EditNote} preload={readNote} />
          <Route path="/notes/:id/delete" component={DeleteNote} preload={readNote} />
          <Route path="/pads/create" component={NewPad} preload={() => void getPads()} />
          <Route
            path="/pads/:id"
            component={Pad}
            preload={({ params, location }) => {
              readPad({ params, location, intent: "initial" });
              void getNotes(filterOf(location.query, String(params.id)));
            }}
          />
          <Route path="/pads/:id/edit" component={EditPad} preload={readPad} />
          <Route path="/pads/:id/delete" component={DeletePad} preload={readPad} />
        </Route>
      </Route>
      <Route path="*" component={NotFound} />
    </Router>
  );
}
