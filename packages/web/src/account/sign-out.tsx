// Signs out with a button. Opening this address changes nothing.
import { Page } from "../app/page.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import "../ui/form.css";

export default function SignOut() {
  return (
    <Page title="Sign out">
      <p class="question">Sign out of Notejam?</p>
      <p class="actions">
        <SignOutButton />
        <a href="/">Cancel</a>
      </p>
    </Page>
  );
}
