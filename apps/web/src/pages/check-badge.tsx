/** A certificate or badge checked in this page, with what the device knows of issuers and lists. */
import { BADGE, BADGE_PREFIX, unpackBadge } from '@zhenmei/identity/core/badge.ts';
import { kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { type CredentialResult, verifyCredential } from '@zhenmei/identity/core/verify-credential.ts';
import { toSeconds } from '@zhenmei/kernel/core/time.ts';
import { Details, Verdict } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { listsOf, trustNow } from '../state/wallet.ts';
import { ClaimFacts } from './claim-facts.tsx';

const TONES = { proven: 'jade', false: 'cinnabar', 'cannot-judge': 'slate' } as const;
const WORDS = {
  proven: 'licence.valid',
  false: 'licence.invalid',
  'cannot-judge': 'licence.unknown',
} as const;

export interface Checked {
  readonly result: CredentialResult;
  /** Milliseconds for judging, once everything is at hand. */
  readonly ms: number;
}

/** Throws the codes of `unpackBadge`. */
export async function judgeBadge(given: string): Promise<Checked> {
  const text = whole(given);
  const badge = text.startsWith(BADGE_PREFIX);
  const token = badge ? await unpackBadge(text) : text;
  const [issuers, statusLists] = await Promise.all([trustNow(), listsOf([token])]);
  const started = performance.now();
  const result = await verifyCredential(token, {
    at: toSeconds(now()),
    issuers,
    statusLists,
    ...(badge ? { keyBinding: BADGE } : {}),
  });
  return { result, ms: Math.max(1, Math.round(performance.now() - started)) };
}

/** A badge may end in a space; a line end is never part of it. */
function whole(given: string): string {
  const at = given.indexOf(BADGE_PREFIX);
  return at < 0 ? given.trim() : given.slice(at).replace(/[\r\n]+$/, '');
}

export function BadgeAnswer({ checked: { result, ms } }: { checked: Checked }) {
  const kind = result.type ? kindOf(result.type) : undefined;
  return (
    <Verdict tone={TONES[result.verdict]} word={t(WORDS[result.verdict])} sentence={say(result.message)}>
      {kind ? <p className="m-0">{say(kind.name)}</p> : null}
      {result.claims && result.type ? <ClaimFacts vct={result.type} claims={result.claims} /> : null}
      <p className="soft m-0 text-sm">{t('check.badgeMs', { ms })}</p>
      <Details>{`${result.code} · ${result.issuer ?? ''} · ${result.issuerKey ?? ''}`}</Details>
    </Verdict>
  );
}
