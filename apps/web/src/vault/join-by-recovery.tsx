/** Back without any old device: by the code on paper, or by guardians. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { rootByCode } from '@zhenmei/client/vault/devices.ts';
import { type Asking, askGuardians, rootByGuardians } from '@zhenmei/client/vault/guardians.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { keepAsking, keptAsking } from '../state/asking.ts';
import { joinWithRoot, vaultIo } from '../state/vault.ts';
import { codeOf } from './words.ts';

export function JoinByPaper({ onIn }: { onIn(): void }) {
  const [code, setCode] = useState('');
  const enter = useMutation({
    mutationFn: async () => joinWithRoot(await rootByCode(vaultIo, code)),
    onSuccess: onIn,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <Card title={t('join.paper')}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field
          label={t('join.paper.code')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          onValueChange={setCode}
        />
        <Button type="submit" busy={enter.isPending} disabled={code.trim() === ''}>
          {t('join.paper.open')}
        </Button>
        {enter.error ? <Refusal error={enter.error} /> : null}
      </form>
    </Card>
  );
}

export function JoinByGuardians({ onIn }: { onIn(): void }) {
  const [asking, setAsking] = useState<Asking | null>(keptAsking);
  const [code, setCode] = useState('');
  const keep = (next: Asking | null) => {
    keepAsking(next);
    setAsking(next);
  };
  const ask = useMutation({ mutationFn: () => askGuardians(vaultIo, code), onSuccess: keep });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <Card title={t('join.friends')}>
      {asking ? (
        <Asked
          asking={asking}
          onIn={() => {
            keep(null);
            onIn();
          }}
          onAgain={() => keep(null)}
        />
      ) : (
        <form className="flex flex-col gap-3" onSubmit={submit}>
          <Field
            label={t('join.friends.code')}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            value={code}
            onValueChange={setCode}
          />
          <Button type="submit" busy={ask.isPending} disabled={code.trim() === ''}>
            {t('join.friends.ask')}
          </Button>
          {ask.error ? <Refusal error={ask.error} /> : null}
        </form>
      )}
    </Card>
  );
}

function Asked({ asking, onIn, onAgain }: { asking: Asking; onIn(): void; onAgain(): void }) {
  const params = { id: asking.id };
  const state = useQuery({
    queryKey: ['recovery', asking.id],
    queryFn: () => vaultIo.api.call(vaultApi.readRecovery, { params, bearer: asking.token }),
    refetchInterval: 5_000,
  });
  const enter = useMutation({
    mutationFn: async () => joinWithRoot(await rootByGuardians(vaultIo, asking)),
    onSuccess: onIn,
  });
  if (state.error) return <Refusal error={state.error} />;
  if (!state.data) return null;
  const { state: stage, dueAt, need, approvals } = state.data;
  if (stage !== 'waiting' && stage !== 'open')
    return (
      <>
        <Pill tone="cinnabar">{t('join.friends.ended')}</Pill>
        <Button onClick={onAgain}>{t('join.friends.again')}</Button>
      </>
    );
  return (
    <>
      <p className="m-0">{t('join.friends.read')}</p>
      <p className="m-0 text-2xl font-semibold text-center font-mono break-words" data-asking>
        {asking.code}
      </p>
      <p className="m-0">{t('join.friends.state', { n: approvals, need, when: date(dueAt, now(), true) })}</p>
      <Button kind="main" busy={enter.isPending} disabled={approvals < need} onClick={() => enter.mutate()}>
        {t('join.friends.open')}
      </Button>
      {codeOf(enter.error) === 'RECOVERY_WAITING' ? (
        <div role="alert">
          <Pill tone="amber">{t('join.friends.wait', { when: date(dueAt, now(), true) })}</Pill>
        </div>
      ) : null}
      {enter.error && codeOf(enter.error) !== 'RECOVERY_WAITING' ? <Refusal error={enter.error} /> : null}
    </>
  );
}
