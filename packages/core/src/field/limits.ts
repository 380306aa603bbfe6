// Limits of fields that a page reads without loading a schema.

/** Characters (code points) in a name, after trimming. */
export const NAME_MAX = 100;

/** Characters (code points) in a password, composed if that is shorter: keyboards compose differently. */
export const PASSWORD_MIN = 8;
export const PASSWORD_MAX = 128;
