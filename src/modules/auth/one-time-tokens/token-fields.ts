/** Longer than any token we make; what is longer is refused before it is looked at. */
export const LONGEST_TOKEN = 256;

/**
 * Code points that a field for a password takes. The password policy refuses far shorter ones with its own reason code;
 * this only keeps megabytes away from it.
 */
export const LONGEST_PASSWORD = 1024;
