/** One application identifier with its content, as found in a code. */
export interface Element {
  readonly ai: string;
  /** Data title of the General Specifications, e.g. `USE BY or EXPIRY`. */
  readonly title: string;
  readonly value: string;
  /** Position of the identifier in the text that was given, counted from 1. */
  readonly position: number;
}
