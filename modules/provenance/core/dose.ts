/** The content printed on a label, such as "100 U" or “1.0 毫升”, in one measure for each kind, so that writings compare. */
export interface Dose {
  /** Millionths of the measure. */
  readonly amount: bigint;
  readonly measure: 'U' | 'L' | 'g' | 'pulse';
}

/** Measures by their writings, each with its power of ten. */
const UNITS: Readonly<Record<string, readonly [measure: Dose['measure'], power: number]>> = {
  u: ['U', 0],
  iu: ['U', 0],
  unit: ['U', 0],
  units: ['U', 0],
  单位: ['U', 0],
  国际单位: ['U', 0],
  l: ['L', 0],
  升: ['L', 0],
  ml: ['L', -3],
  cc: ['L', -3],
  毫升: ['L', -3],
  ul: ['L', -6],
  微升: ['L', -6],
  g: ['g', 0],
  克: ['g', 0],
  mg: ['g', -3],
  毫克: ['g', -3],
  ug: ['g', -6],
  mcg: ['g', -6],
  微克: ['g', -6],
  pulse: ['pulse', 0],
  pulses: ['pulse', 0],
  发: ['pulse', 0],
};

/** Millionths of a litre or gram are as fine as any label is. */
const FINEST = 6;

/** Null if the text is no amount with a measure that is known here. */
export function parseDose(text: string): Dose | null {
  // NFKC makes one letter of both signs for micro, and plain digits of full-width ones
  const match = /^(\d{1,9})(?:\.(\d{1,6}))?\s*(\p{L}+)$/u.exec(
    text.normalize('NFKC').trim().toLowerCase().replace('μ', 'u'),
  );
  const unit = match && Object.hasOwn(UNITS, match[3]!) ? UNITS[match[3]!] : undefined;
  if (!match || !unit) return null;
  const [measure, power] = unit;
  const decimals = match[2] ?? '';
  const shift = FINEST + power - decimals.length;
  const digits = BigInt(match[1]! + decimals);
  if (shift >= 0) return { measure, amount: digits * 10n ** BigInt(shift) };
  const divisor = 10n ** BigInt(-shift);
  return digits % divisor === 0n ? { measure, amount: digits / divisor } : null;
}

export const sameDose = (a: Dose, b: Dose): boolean => a.measure === b.measure && a.amount === b.amount;
