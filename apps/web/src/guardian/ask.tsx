/** On the phone of somebody under age: the request as a code for the guardian's phone, and what was signed so far. */
import type { GuardianAnswer, GuardianAsking } from '@zhenmei/care/core/guardian-asking.ts';
import { usesOf } from '@zhenmei/care/core/guardian-asking.ts';
import { askGuardian, guardianAnswer, isAnswered } from '@zhenmei/client/guardian-link.ts';
import { lazy, Suspense, useRef, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Card, Pill, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { vaultIo } from '../state/vault.ts';

const Qr = lazy(() => import('../look/qr.tsx'));
const EVERY = 1_000;
const pause = () => new Promise((resolve) => setTimeout(resolve, EVERY));

interface Running {
  readonly code: string;
  readonly asking: GuardianAsking;
  readonly answer: GuardianAnswer;
}

/** Thrown into whatever waits for the guardian when the person gives up. */
export class AskingStopped extends Error {}

export function useGuardian() {
  const [running, setRunning] = useState<Running | null>(null);
  const stopped = useRef(false);
  const ask = async (asking: GuardianAsking): Promise<GuardianAnswer> => {
    stopped.current = false;
    const code = await askGuardian(vaultIo, asking);
    try {
      for (;;) {
        const answer = await guardianAnswer(vaultIo, code);
        setRunning({ code, asking, answer });
        if (isAnswered(asking, answer)) return answer;
        await pause();
        if (stopped.current) throw new AskingStopped();
      }
    } finally {
      setRunning(null);
    }
  };
  const stop = () => {
    stopped.current = true;
  };
  return { running, ask, stop };
}

export function AskingCard({ running, onStop }: { running: Running; onStop(): void }) {
  const { code, asking, answer } = running;
  return (
    <Card title={t('ward.show')}>
      <p className="m-0">{t('ward.show.lead')}</p>
      <p className="m-0 text-xl font-semibold text-center font-mono break-words" data-guardian-code>
        {code}
      </p>
      <Suspense fallback={null}>
        <Qr text={`${location.origin}/guardian#${code}`} label={t('ward.qr')} />
      </Suspense>
      <ul className="list-none m-0 p-0">
        {usesOf(asking).map((use) => (
          <li key={use} className="flex justify-between gap-3 border-t border-line py-2">
            <span>{t(`ward.use.${use}`)}</span>
            <Pill tone={answer[use] ? 'jade' : 'amber'}>
              {t(answer[use] ? 'ward.signed' : 'ward.waiting')}
            </Pill>
          </li>
        ))}
      </ul>
      <Waiting what={t('ward.wait')} />
      <Button onClick={onStop}>{t('ward.stop')}</Button>
    </Card>
  );
}
