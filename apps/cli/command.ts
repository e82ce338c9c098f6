/** What a command of `zhenmei` is. Each lives in `commands/<name>.ts` and is loaded only when called. */
export interface Io {
  stdout(text: string): void;
  stderr(text: string): void;
  /** Reads standard input to its end, or until more than so many bytes have come. */
  stdin(limit?: number): Promise<Uint8Array>;
}

export interface Command {
  readonly name: string;
  readonly summary: { readonly zh: string; readonly en: string };
  /** Shown by `--help`: usage lines and options. */
  readonly usage: string;
  /** @returns the exit code */
  run(args: string[], io: Io): Promise<number>;
}
