/** The pages of users who are signed out. */
export const SIGNED_OUT_PAGES = ["/signin", "/signup", "/forgot-password", "/reset-password"];
