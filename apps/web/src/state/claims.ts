/** Claims of certificates as a person reads them. */
import { CREDENTIAL_TYPES, kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { say, t } from '../shell/words.ts';

/** Name under which answers about the register are kept. */
export const REGISTER = 'register';

/** A claim as a person reads it. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(' · ');
  if (typeof value === 'object' && value !== null)
    return 'zh' in value && 'en' in value ? say(value as { zh: string; en: string }) : JSON.stringify(value);
  return typeof value === 'boolean' ? t(value ? 'yes' : 'no') : String(value);
}

export function claimRows(kind: keyof typeof CREDENTIAL_TYPES, claims: Record<string, unknown>) {
  const { labels } = kindOf(CREDENTIAL_TYPES[kind])!;
  return Object.entries(claims).flatMap(([name, value]) =>
    labels[name] && name !== 'subject' ? [[say(labels[name]), shown(value)] as const] : [],
  );
}
