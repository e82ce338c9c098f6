/** What a clinic says about itself, what a verifier answers, and the salted digests that stand on the ledger. */
import { canonicalJson, commit, fromHex, type Hex, toHex0x } from '@zhenmei/kernel';

/** Named public sources, in the order of the answer's bits. */
export const SOURCES = ['licence', 'scope', 'doctors', 'devices'] as const;
export type Source = (typeof SOURCES)[number];

/** Numbers as the registers have them. */
export interface Statement {
  /** Number of the facility licence. */
  readonly licence: string;
  /** Departments that it may run. */
  readonly scope: string[];
  /** Registration numbers of its doctors. */
  readonly doctors: string[];
  /** Filing numbers of its devices. */
  readonly devices: string[];
}

export interface AnswerBody {
  readonly failed: number;
  /** Seconds since the epoch. */
  readonly checkedOn: number;
  /** What was read: a page for each source, and what it said. */
  readonly pages: readonly { readonly source: Source; readonly where: string; readonly said: string }[];
}

/** A salted commitment to what is said: random to whoever lacks the salt. */
export const digestOf = (body: Statement | AnswerBody['pages'] | string, salt: Hex): Hex =>
  toHex0x(commit(fromHex(salt), JSON.parse(canonicalJson(body as never))));

/** The sources that an answer found wrong. */
export const failedSources = (failed: number): Source[] =>
  SOURCES.filter((_, bit) => (failed >> bit) % 2 === 1);
export const failedBits = (sources: readonly Source[]): number =>
  SOURCES.reduce((bits, source, bit) => (sources.includes(source) ? bits | (1 << bit) : bits), 0);
