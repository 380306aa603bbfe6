// The route table: which page is at which address. A page's code loads when it is first opened, and the code of all pages when
// the browser is idle.
import { Navigate, Route, Router, useParams } from "@solidjs/router";
import { type Component, lazy } from "solid-js";
import NoNote from "../notes/reader/no-note.tsx";
import { NotFound } from "./error-page.tsx";
import { SignedInOnly, SignedOutOnly } from "./guards.tsx";
import { App, Root } from "./shell.tsx";
import { Workspace } from "./workspace.tsx";

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
const NotePane = page(() => import("../notes/reader/note-pane.tsx"));
const NewNote = page(() => import("../notes/new-note.tsx"));
const EditNote = page(() => import("../notes/edit-note.tsx"));

/** Loads the code of all pages, so that the next one opens at once, also after a deployment. */
export function loadPages(): void {
  // A page that fails to load here is loaded again when it is opened, and reports the error there.
  for (const page of pages) page.preload().catch(() => undefined);
}

/** Addresses of the pages that a menu has replaced. */
function ToPad() {
  const params = useParams<{ id: string }>();
  return <Navigate href={`/pads/${params.id}`} />;
}
function ToNote() {
  const params = useParams<{ id: string }>();
  return <Navigate href={`/notes/${params.id}`} />;
}

const SOLO = { solo: true };

export function Routes() {
  return (
    // Notes can be large, and reading one is a call to the database. Hovering over a link is no reason to read it.
    <Router root={Root} preload={false} scrollRestoration>
      <Route path="/" component={SignedOutOnly}>
        <Route path="/signin" component={SignIn} />
        <Route path="/signup" component={SignUp} />
      </Route>
      <Route path="/forgot-password" component={ForgotPassword} />
      <Route path="/reset-password" component={ResetPassword} />
      <Route path="/" component={SignedInOnly}>
        <Route path="/signout" component={SignOut} />
        <Route path="/" component={App}>
          <Route path="/settings" component={Settings} info={SOLO} />
          <Route path="/pads/:id/:action" component={ToPad} />
          <Route path="/notes/:id/delete" component={ToNote} />
          <Route path="/" component={Workspace}>
            <Route path="/" component={NoNote} />
            <Route path="/pads/create" component={() => <Navigate href="/" />} />
            <Route path="/pads/:id" component={NoNote} />
            <Route path="/notes/create" component={NewNote} info={SOLO} />
            <Route path="/notes/:id" component={NotePane} info={SOLO} />
            <Route path="/notes/:id/edit" component={EditNote} info={SOLO} />
          </Route>
        </Route>
      </Route>
      <Route path="*" component={NotFound} />
    </Router>
  );
}
