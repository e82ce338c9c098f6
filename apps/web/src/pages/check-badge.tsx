/** A certificate or badge checked in this page, with what the device knows of issuers and lists. */
import { useMutation } from '@tanstack/react-query';
import { BADGE, BADGE_PREFIX, unpackBadge } from '@zhenmei/identity/core/badge.ts';
import { kindOf } from '@zhenmei/identity/core/catalogue.ts';
import { type CredentialResult, verifyCredential } from '@zhenmei/identity/core/verify-credential.ts';
import { toSeconds } from '@zhenmei/kernel/core/time.ts';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Details, Refusal, Verdict, Waiting } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { listsOf, trustNow } from '../state/wallet.ts';
import { ClaimFacts } from './claim-facts.tsx';

const Scanner = lazy(() => import('../scan/scanner.tsx'));
const TONES = { proven: 'jade', false: 'cinnabar', 'cannot-judge': 'slate' } as const;
const WORDS = {
  proven: 'licence.valid',
  false: 'licence.invalid',
  'cannot-judge': 'licence.unknown',
} as const;

interface Checked {
  readonly result: CredentialResult;
  /** Milliseconds for judging, once everything is at hand. */
  readonly ms: number;
}

async function judge(text: string): Promise<Checked> {
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
const whole = (text: string): string =>
  text.startsWith(BADGE_PREFIX) ? text.replace(/[\r\n]+$/, '') : text.trim();

export function BadgeCard() {
  const [text, setText] = useState('');
  // also without a network: it pauses what needs one
  const check = useMutation({ mutationFn: judge, networkMode: 'always' });
  const { result, ms } = check.data ?? {};
  const kind = result?.type ? kindOf(result.type) : undefined;
  return (
    <Card title={t('check.badge')}>
      <p className="soft m-0">{t('check.badgeLead')}</p>
      <div className="flex flex-wrap gap-3">
        <Suspense fallback={<Waiting what={t('loading')} />}>
          <Scanner onCode={(code) => check.mutate(code.slice(Math.max(0, code.indexOf(BADGE_PREFIX))))} />
        </Suspense>
      </div>
      <Field label={t('check.badgeText')} value={text} onValueChange={setText} lines={3} spellCheck={false} />
      <Button busy={check.isPending} disabled={text.trim() === ''} onClick={() => check.mutate(whole(text))}>
        {t('check.badgeDo')}
      </Button>
      {check.error ? <Refusal error={check.error} /> : null}
      {result ? (
        <Verdict tone={TONES[result.verdict]} word={t(WORDS[result.verdict])} sentence={say(result.message)}>
          {kind ? <p className="m-0">{say(kind.name)}</p> : null}
          {result.claims && result.type && kind ? (
            <ClaimFacts vct={result.type} claims={result.claims} />
          ) : null}
          <p className="soft m-0 text-sm">{t('check.badgeMs', { ms: ms ?? 0 })}</p>
          <Details>{`${result.code} · ${result.issuer ?? ''} · ${result.issuerKey ?? ''}`}</Details>
        </Verdict>
      ) : null}
    </Card>
  );
}
