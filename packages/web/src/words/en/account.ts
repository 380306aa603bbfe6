// What the pages of the account say.

export const en = {
  theme: { label: "Theme", auto: "As the system", light: "Light", dark: "Dark" },
  settings: {
    appearance: "Appearance",
    keyboard: "Keyboard",
    password: "Password",
    sessions: "Sessions",
    thisBrowser: "This browser",
    since: "Since {{ time }}",
    deviceSince: "{{ device }}, since {{ time }}",
    end: "End",
    account: "Account",
    singleKeys: "Single keys (N, E, P, G A …)",
  },
  account: {
    signIn: "Sign in",
    signUp: "Make an account",
    signInInstead: "Sign in instead",
    repeatPassword: "Repeat password",
    repeatNewPassword: "Repeat new password",
    forgot: "Forgot password",
    sendLink: "Send link",
    sent: "If that address has an account, a link is on its way.",
    anotherLink: "Request another link",
    changePassword: "Change password",
    passwordChanged: "Password is successfully changed.",
  },
  again: {
    title: "Sign in again",
    ended: "Your session has ended.",
    other: "This browser is now signed in as {{ email }}.",
    toContinue: "Sign in as {{ email }} to continue. Your text is not lost.",
    notNow: "Not now",
  },
} as const;
