// Signs out with a button. Opening this address changes nothing.
import { Gate } from "../app/gate.tsx";
import { SignOutButton } from "./sign-out-button.tsx";

export default function SignOut() {
  return (
    <Gate title="Sign out">
      <p class="acts said">
        <SignOutButton class="main-act" />
        <a class="button quiet" href="/">
          Cancel
        </a>
      </p>
    </Gate>
  );
}
