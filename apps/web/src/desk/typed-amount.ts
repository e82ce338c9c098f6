/** Amounts as people type them: a product's millionths of a litre in millilitres, everything else whole. */
const MICRO = 1_000;

/** The unit in which it is typed. */
export const typedUnit = (unit: string): string => (unit === 'uL' ? 'mL' : unit);

/** @returns the amount in the product's own unit; null if it is none, or finer than that unit */
export function typedAmount(text: string, unit: string): number | null {
  if (unit !== 'uL') return /^\d{1,7}$/.test(text) ? Number(text) : null;
  const [, whole, part = ''] = /^(\d{1,4})(?:\.(\d{1,3}))?$/.exec(text) ?? [];
  return whole === undefined ? null : Number(whole) * MICRO + Number(part.padEnd(3, '0'));
}

export const asTyped = (amount: number, unit: string): string =>
  String(unit === 'uL' ? amount / MICRO : amount);

/** What can't belong to an amount is not taken. */
export const onlyAmount = (text: string, unit: string): string =>
  text.replace(unit === 'uL' ? /[^\d.]/g : /\D/g, '');
