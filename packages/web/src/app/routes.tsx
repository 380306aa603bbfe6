// The route table: which page is at which address.
import { Navigate, Route, Router, useLocation, useParams } from "@solidjs/router";
import { beginNote } from "../notes/editor/new-note.ts";
import NoNote from "../notes/reader/no-note.tsx";
import { lazily } from "../page/lazily.ts";
import { SignedInOnly, SignedOutOnly } from "./guards.tsx";
import { App, Root } from "./shell.tsx";
import { Workspace } from "./workspace.tsx";

const SignIn = lazily(() => import("../account/sign-in.tsx"));
const SignUp = lazily(() => import("../account/sign-up.tsx"));
const ForgotPassword = lazily(() => import("../account/forgot-password.tsx"));
const ResetPassword = lazily(() => import("../account/reset-password.tsx"));
const Settings = lazily(() => import("../account/settings.tsx"));
const kept = (name: keyof typeof import("./kept-pages.ts")) =>
  lazily(async () => ({ default: (await import("./kept-pages.ts"))[name] }));
const Trash = kept("Trash");
const History = kept("History");
const Past = kept("Past");
const SignOut = lazily(() => import("../account/sign-out.tsx"));
const NotFound = lazily(() => import("./not-found.tsx"));
const NotePane = lazily(() => import("../notes/reader/note-pane.tsx"));
const EditorPane = lazily(() => import("../notes/editor/editor-pane.tsx"));

/** Addresses of the pages that a menu has replaced. */
function ToPad() {
  const params = useParams<{ id: string }>();
  return <Navigate href={`/pads/${params.id}`} />;
}
function ToNote() {
  const params = useParams<{ id: string }>();
  return <Navigate href={`/notes/${params.id}`} />;
}

/** The browser chooses the note's id, so that a reload goes on with the same note. It may have a name already. */
function ToNewNote() {
  const location = useLocation<{ name?: string }>();
  const href = `/notes/${beginNote()}/edit${location.search}`;
  return <Navigate href={href} state={{ isNew: true, name: location.state?.name }} />;
}

/** On a phone, a list does not lie beside it. */
const SOLO = { solo: true };
/** No window shows a list beside it. */
const FULL = { solo: true, full: true };

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
          <Route path="/settings" component={Settings} info={FULL} />
          <Route path="/trash" component={Trash} info={FULL} />
          <Route path="/past/:id?" component={Past} info={FULL} />
          <Route path="/notes/:id/history/:version?" component={History} info={SOLO} />
          <Route path="/pads/:id/:action" component={ToPad} />
          <Route path="/notes/:id/delete" component={ToNote} />
          <Route path="/" component={Workspace}>
            <Route path="/" component={NoNote} />
            <Route path="/pads/create" component={() => <Navigate href="/" />} />
            <Route path="/pads/:id" component={NoNote} />
            <Route path="/tags/:tag" component={NoNote} />
            <Route path="/pinned" component={NoNote} />
            <Route path="/archive" component={NoNote} />
            <Route path="/notes/create" component={ToNewNote} info={SOLO} />
            <Route path="/notes/:id" component={NotePane} info={SOLO} />
            <Route path="/notes/:id/edit" component={EditorPane} info={SOLO} />
          </Route>
        </Route>
      </Route>
      <Route path="*" component={NotFound} info={FULL} />
    </Router>
  );
}
