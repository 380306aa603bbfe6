// What of devices needs no schema.

/** The name of a device whose browser says neither what it is nor what it runs on. */
export const UNKNOWN_DEVICE = "Unknown device";
