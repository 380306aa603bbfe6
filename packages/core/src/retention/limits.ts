// The limits of retention, apart from its statements: the web app names them too.

/** Days for which what was deleted can be restored, and an earlier state keeps its content: three years. */
export const KEPT_DAYS = 1095;
