// The limit of pads. It needs no schema, so a page reads it without loading any.

/** Pads of one account, including those in the trash. */
export const PADS_MAX = 1000;
