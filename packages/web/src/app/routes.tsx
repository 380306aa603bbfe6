// The map of the app: which page is at which address, and what it reads while its code is still on its way. A page's
// code loads when it is first opened; the rest follows once the browser has nothing else to do.
import { Route, type RoutePreloadFuncArgs, Router } from "@solidjs/router";
import { type Component, lazy } from "solid-js";
import { getSessions } from "../account/queries.ts";
import { filterOf } from "../notes/note-list.ts";
import { getNote, getNotes } from "../notes/queries.ts";
import { getPad, getPads } from "../pads/queries.ts";
import { NotFound } from "./error-page.tsx";
import { ReadersOnly, VisitorsOnly } from "./guards.tsx";
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

/** Fetches the code of all pages, so that the next one opens at once, and still does after a deployment. */
export function loadPages(): void {
  // What does not arrive is asked for again when its page is opened, and its absence said there.
  for (const page of pages) page.preload().catch(() => undefined);
}

const note = ({ params }: RoutePreloadFuncArgs) => {
  void getPads();
  void getNote(String(params.id));
};
const pad = ({ params }: RoutePreloadFuncArgs) => {
  void getPads();
  void getPad(String(params.id));
};

export function App() {
  return (
    // Notes can be large and each is a call to the database: none is read because the pointer passed its link.
    <Router root={Shell} preload={false} scrollRestoration>
      <Route path="/" component={VisitorsOnly}>
        <Route path="/signin" component={SignIn} />
        <Route path="/signup" component={SignUp} />
      </Route>
      <Route path="/forgot-password" component={ForgotPassword} />
      <Route path="/reset-password" component={ResetPassword} />
      <Route path="/" component={ReadersOnly}>
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
          <Route path="/notes/:id" component={Note} preload={note} />
          <Route path="/notes/:id/edit" component={EditNote} preload={note} />
          <Route path="/notes/:id/delete" component={DeleteNote} preload={note} />
          <Route path="/pads/create" component={NewPad} preload={() => void getPads()} />
          <Route
            path="/pads/:id"
            component={Pad}
            preload={({ params, location }) => {
              pad({ params, location, intent: "initial" });
              void getNotes(filterOf(location.query, String(params.id)));
            }}
          />
          <Route path="/pads/:id/edit" component={EditPad} preload={pad} />
          <Route path="/pads/:id/delete" component={DeletePad} preload={pad} />
        </Route>
      </Route>
      <Route path="*" component={NotFound} />
    </Router>
  );
}
