// Limits of fields that a page reads without loading a schema.

/** Characters (code points) in a name, after trimming. */
export const NAME_MAX = 100;
