/** How much one document may bring. */
export const CAPTURE_LIMIT = 5_000;
export const CAPTURE_BYTES = 10_000_000;
