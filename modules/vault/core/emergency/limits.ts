/** How often a card, and by whom, may be opened: enough for an emergency, too little for curiosity. */
import { AppError, DAY, toIso } from '@zhenmei/kernel';
import './errors.ts';

export const CARD_DAYS = 365;
/** Openings of one card in a day, and in all. */
export const CARD_A_DAY = 3;
export const CARD_IN_ALL = 12;
/** Openings by one doctor in a day, of whatever cards. */
export const DOCTOR_A_DAY = 6;

/** When the last day's openings allow another; null if now. */
function again(times: readonly number[], most: number, now: number): number | null {
  const recent = times.filter((at) => at > now - DAY).sort((a, b) => a - b);
  return recent.length < most ? null : recent[recent.length - most]! + DAY;
}

/**
 * Throws EMERGENCY_CARD_SPENT, EMERGENCY_CARD_LIMIT, EMERGENCY_DOCTOR_LIMIT.
 * @param card @param doctor milliseconds since the epoch of earlier openings
 */
export function assertMayOpen(card: readonly number[], doctor: readonly number[], now: number): void {
  if (card.length >= CARD_IN_ALL) throw new AppError('EMERGENCY_CARD_SPENT');
  const cardAgain = again(card, CARD_A_DAY, now);
  if (cardAgain !== null) throw new AppError('EMERGENCY_CARD_LIMIT', { again: toIso(cardAgain) });
  const doctorAgain = again(doctor, DOCTOR_A_DAY, now);
  if (doctorAgain !== null) throw new AppError('EMERGENCY_DOCTOR_LIMIT', { again: toIso(doctorAgain) });
}
