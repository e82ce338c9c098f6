/** A consent in words: what the receipt says, row by row. */
import type { Consent } from '@zhenmei/client/vault/consents.ts';
import type { Tone } from '../look/parts.tsx';
import { date, isChinese, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { compartmentName } from './words.ts';

export const STATE_TONE: Record<Consent['state'], Tone> = {
  holds: 'jade',
  changed: 'amber',
  ended: 'slate',
};

export const categories = ({ receipt }: Consent): string =>
  receipt.pii.map(({ category }) => compartmentName(category)).join(' · ');

export const processing = ({ receipt }: Consent): string =>
  receipt.processing.map((one) => (one === 'count' ? t('agree.count') : t(`may.action.${one}`))).join(' · ');

const REGIONS: Readonly<Record<string, () => string>> = { CN: () => t('agree.region.CN') };
export const regionName = (region: string): string => REGIONS[region]?.() ?? region;

export const linesOf = (text: { readonly zh: readonly string[]; readonly en: readonly string[] }) =>
  isChinese() ? text.zh : text.en;

export const ending = ({ receipt }: Consent): string => date(receipt.retention.until, now());
export const controller = ({ receipt }: Consent): string => say(receipt.controller.name);
