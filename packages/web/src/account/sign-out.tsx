// Signs out with a button. Opening this address changes nothing.
import { Gate } from "../page/gate.tsx";
import { t } from "../words/index.ts";
import { SignOutButton } from "./sign-out-button.tsx";

export default function SignOut() {
  return (
    <Gate title={t("app.signOut")}>
      <p class="acts said">
        <SignOutButton class="main-act" />
        <a class="button quiet" href="/">
          {t("app.cancel")}
        </a>
      </p>
    </Gate>
  );
}
