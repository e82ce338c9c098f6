/** The five people who together, after a while, let a person back in. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { chooseGuardians, dropGuardians } from '@zhenmei/client/vault/guardians.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { t } from '../shell/words.ts';
import { GUARDIANSHIP } from './running-recovery.tsx';

const COUNT = 5;
const NEED = 3;
const HOURS = ['48', '60', '72'] as const;

export function MyGuardians({ vault }: { vault: Vault }) {
  const [choosing, setChoosing] = useState(false);
  const state = useQuery({
    queryKey: GUARDIANSHIP,
    queryFn: () => vault.io.api.call(vaultApi.readGuardianship),
  });
  const drop = useMutation({ mutationFn: () => dropGuardians(vault), onSettled: () => state.refetch() });
  const arrangement = state.data?.arrangement;
  const holds = vault.keyset.methods.some(({ kind }) => kind === 'guardians');
  const names = arrangement?.guardians.map((code) => vault.contents.guardians[code] ?? code) ?? [];
  return (
    <Card title={t('guard.mine')}>
      <Loaded query={state} lines={1} />
      {arrangement && holds ? (
        <>
          <p className="m-0">
            {t('guard.arranged', {
              count: arrangement.guardians.length,
              need: arrangement.need,
              hours: arrangement.hours,
            })}
          </p>
          <p className="m-0 font-medium">{names.join(' · ')}</p>
        </>
      ) : null}
      {state.data && !(arrangement && holds) ? <p className="m-0 soft">{t('guard.none')}</p> : null}
      {choosing ? (
        <Form
          vault={vault}
          onDone={() => {
            setChoosing(false);
            void state.refetch();
          }}
        />
      ) : (
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => setChoosing(true)}>
            {t(arrangement && holds ? 'guard.change' : 'guard.choose')}
          </Button>
          {arrangement && holds ? (
            <Button kind="danger" busy={drop.isPending} onClick={() => drop.mutate()}>
              {t('guard.drop')}
            </Button>
          ) : null}
        </div>
      )}
      {drop.error ? <Refusal error={drop.error} /> : null}
    </Card>
  );
}

function Form({ vault, onDone }: { vault: Vault; onDone(): void }) {
  const [rows, setRows] = useState(() => Array.from({ length: COUNT }, () => ({ name: '', code: '' })));
  const [ward, setWard] = useState('');
  const [hours, setHours] = useState<(typeof HOURS)[number]>('72');
  const change = (at: number, part: { name?: string; code?: string }) =>
    setRows(rows.map((row, i) => (i === at ? { ...row, ...part } : row)));
  const choose = useMutation({
    mutationFn: () => chooseGuardians(vault, rows, { need: NEED, hours: Number(hours), ward: ward.trim() }),
    onSuccess: () => {
      toast(t('guard.saved'));
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    choose.mutate();
  };
  const ready =
    ward.trim() !== '' && rows.every(({ name, code }) => name.trim() !== '' && code.trim() !== '');
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      {rows.map(({ name, code }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: five rows, always in this order
        <div key={i} className="grid gap-3 sm:grid-cols-2">
          <Field
            label={t('guard.name', { n: i + 1 })}
            maxLength={60}
            value={name}
            onValueChange={(next) => change(i, { name: next })}
          />
          <Field
            label={t('guard.code', { n: i + 1 })}
            autoComplete="off"
            spellCheck={false}
            value={code}
            onValueChange={(next) => change(i, { code: next })}
          />
        </div>
      ))}
      <Field label={t('guard.ward')} maxLength={60} value={ward} onValueChange={setWard} />
      <Choice
        legend={t('guard.hours')}
        value={hours}
        options={HOURS.map((value) => ({ value, label: t('guard.hoursValue', { n: Number(value) }) }))}
        onChange={(next) => setHours(next)}
      />
      <Button type="submit" kind="main" busy={choose.isPending} disabled={!ready}>
        {t('guard.save')}
      </Button>
      {choose.error ? <Refusal error={choose.error} /> : null}
    </form>
  );
}
