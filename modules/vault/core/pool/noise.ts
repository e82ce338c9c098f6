/**
 * Local differential privacy by randomised response among k choices: with a known probability the device says what is
 * true, otherwise any one of the others. Probabilities are fractions of 2³², so that the bound is exact.
 */

/** A privacy loss ε in thousandths. */
export type Epsilon = number;

/** Of 2³² equally likely draws: so many say the truth, and so many say each of the others. */
export interface Chances {
  readonly truth: number;
  readonly other: number;
}
export const DRAWS = 2 ** 32;

/** Bytes of randomness one answer takes. */
export const DRAW_BYTES = 4;

/** truth / other ≤ e^ε exactly: whatever a float rounds away goes to the others. @param choices at least 2 */
export function chances(epsilon: Epsilon, choices: number): Chances {
  if (!Number.isSafeInteger(epsilon) || epsilon < 1 || !Number.isSafeInteger(choices) || choices < 2)
    throw new RangeError('a positive ε in thousandths and two choices or more');
  // one draw more for each of the others stands for the rounding of exp
  const other = Math.ceil(DRAWS / (Math.exp(epsilon / 1_000) + choices - 1)) + 1;
  const most = Math.floor(DRAWS / choices);
  const each = Math.min(other, most);
  return { truth: DRAWS - (choices - 1) * each, other: each };
}

/** @param truth index of the true choice @param draw four random bytes @returns index of what is said */
export function randomise(truth: number, epsilon: Epsilon, choices: number, draw: Uint8Array): number {
  if (draw.length !== DRAW_BYTES) throw new RangeError('four bytes');
  if (!Number.isSafeInteger(truth) || truth < 0 || truth >= choices) throw new RangeError('no such choice');
  const drawn = new DataView(draw.buffer, draw.byteOffset, DRAW_BYTES).getUint32(0);
  const { truth: keep, other } = chances(epsilon, choices);
  if (drawn < keep) return truth;
  const nth = Math.floor((drawn - keep) / other);
  return nth < truth ? nth : nth + 1;
}

/** What a person's devices said before, by question, loss and what was true then. */
export type Memory = Readonly<Record<string, number>>;

/**
 * The same truth is said in the same way for ever, so that asking again averages nothing away; in another study too.
 * @returns what to say, and the memory that has to be kept before it is sent
 */
export function remembered(
  memory: Memory,
  asked: {
    readonly question: string;
    readonly truth: number;
    readonly epsilon: Epsilon;
    readonly choices: number;
  },
  random: (length: number) => Uint8Array,
): { readonly said: number; readonly memory: Memory } {
  const { question, truth, epsilon, choices } = asked;
  const key = `${question}/${choices}/${epsilon}/${truth}`;
  const before = memory[key];
  if (before !== undefined) return { said: before, memory };
  const said = randomise(truth, epsilon, choices, random(DRAW_BYTES));
  return { said, memory: { ...memory, [key]: said } };
}
