/** The new device beside the old one: a code, six digits, and the keys. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { beginPairing, continuePairing, type Waiting as Pairing } from '@zhenmei/client/vault/devices.ts';
import { lazy, Suspense } from 'react';
import { Button } from '../look/button.tsx';
import { Card, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { joinWithRoot, vaultIo } from '../state/vault.ts';

const PairingCode = lazy(() => import('./pairing-code.tsx'));
const EVERY = 1_000;

export function JoinByDevice({ onIn }: { onIn(): void }) {
  const begin = useMutation({ mutationFn: () => beginPairing(vaultIo) });
  return (
    <Card title={t('join.other')}>
      {begin.data ? (
        <Pair pairing={begin.data} onIn={onIn} onAgain={() => begin.mutate()} />
      ) : (
        <>
          <p className="m-0 soft">{t('join.other.lead')}</p>
          <Button kind="main" busy={begin.isPending} onClick={() => begin.mutate()}>
            {t('join.start')}
          </Button>
        </>
      )}
      {begin.error ? <Refusal error={begin.error} /> : null}
    </Card>
  );
}

function Pair({ pairing, onIn, onAgain }: { pairing: Pairing; onIn(): void; onAgain(): void }) {
  const state = useQuery({
    queryKey: ['pairing', pairing.code],
    queryFn: () => continuePairing(vaultIo, pairing),
    refetchInterval: ({ state: { data, error } }) => (data?.roots || error ? false : EVERY),
    retry: false,
    gcTime: 0,
  });
  const roots = state.data?.roots ?? null;
  const enter = useMutation({ mutationFn: () => joinWithRoot(roots!.at(-1)!), onSuccess: onIn });
  if (state.error)
    return (
      <>
        <Refusal error={state.error} />
        <Button onClick={onAgain}>{t('join.start')}</Button>
      </>
    );
  if (roots)
    return (
      <>
        <p className="m-0 font-medium">{t('join.ready')}</p>
        <Button kind="main" busy={enter.isPending} onClick={() => enter.mutate()}>
          {t('join.enter')}
        </Button>
        {enter.error ? <Refusal error={enter.error} /> : null}
      </>
    );
  if (state.data?.digits)
    return (
      <>
        <p className="m-0">{t('join.digits')}</p>
        <p className="m-0 text-5xl font-semibold text-center tracking-widest" data-digits>
          {state.data.digits}
        </p>
        <Waiting what={t('join.waitKeys')} />
      </>
    );
  return (
    <>
      <p className="m-0 soft">{t('join.code')}</p>
      <p className="m-0 text-4xl font-semibold text-center font-mono" data-pairing>
        {pairing.code}
      </p>
      <Suspense fallback={null}>
        <PairingCode code={pairing.code} />
      </Suspense>
      <p className="m-0">{t('join.onOld')}</p>
      <Waiting what={t('join.waitOld')} />
    </>
  );
}
