/** The devices of a person: those that are in, the one that comes, and the one that was lost. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answerPairing, completePairing, dropDevices, renameDevice } from '@zhenmei/client/vault/devices.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { type FormEvent, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { thisCredential } from '../state/vault.ts';

const DEVICES = ['vault-devices'] as const;

export function Devices({ vault }: { vault: Vault }) {
  const list = useQuery({
    queryKey: DEVICES,
    queryFn: () => vault.io.api.call(vaultApi.listDevices),
    refetchInterval: 10_000,
  });
  return (
    <Card title={t('mykeys.devices')}>
      <Loaded query={list} lines={1}>
        {({ devices }) => (
          <ul className="list-none m-0 p-0">
            {devices.map((device) => (
              <Device key={device.credential} vault={vault} {...device} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Device({ vault, credential, addedAt }: { vault: Vault; credential: string; addedAt: string }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const keep = thisCredential();
  const mine = credential === keep;
  const [renaming, setRenaming] = useState(false);
  const name = vault.contents.devices[credential] ?? t('mykeys.device');
  const seen = vault.contents.seen[credential];
  const remove = useMutation({
    mutationFn: () => {
      const ways = vault.keyset.methods.filter((m) => m.kind === 'passkey' && m.id === credential);
      return dropDevices(vault, ways, [credential], keep!);
    },
    onSuccess: () => toast(t('mykeys.removed')),
    onSettled: () => queries.invalidateQueries({ queryKey: DEVICES }),
  });
  return (
    <li className="border-t border-line first:border-0 py-2 flex flex-wrap items-center justify-between gap-3">
      <span>
        <span className="font-medium block break-words">{name}</span>
        <span className="soft text-sm flex flex-wrap gap-x-3">
          {seen ? <span>{`${t(`device.${seen.form}`)} · ${seen.system}`}</span> : null}
          <span>
            {seen ? t('mykeys.used', { when: date(`${seen.on}T12:00:00Z`, now()) }) : t('mykeys.used.never')}
          </span>
          <span>{t('mykeys.added', { when: date(addedAt, now()) })}</span>
        </span>
      </span>
      {mine ? <Pill tone="jade">{t('mykeys.this')}</Pill> : null}
      <Button className="btn-small" onClick={() => setRenaming(!renaming)} aria-expanded={renaming}>
        {t('mykeys.rename')}
      </Button>
      {!mine && keep ? (
        <Button kind="danger" className="btn-small" busy={remove.isPending} onClick={() => setAsking(true)}>
          {t('mykeys.lost')}
        </Button>
      ) : null}
      {renaming ? (
        <Rename vault={vault} credential={credential} name={name} onDone={() => setRenaming(false)} />
      ) : null}
      {remove.error ? <Refusal error={remove.error} /> : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('mykeys.lost.of', { name })}
        text={t('mykeys.lost.means')}
        yes={t('mykeys.lost')}
        onYes={() => remove.mutate()}
      />
    </li>
  );
}

/** The name is in the vault: the server never sees it. */
function Rename({
  vault,
  credential,
  name,
  onDone,
}: {
  vault: Vault;
  credential: string;
  name: string;
  onDone(): void;
}) {
  const [typed, setTyped] = useState(name);
  const save = useMutation({
    mutationFn: () => renameDevice(vault, credential, typed),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="w-full flex flex-col gap-3" onSubmit={submit}>
      <Field label={t('mykeys.rename.label')} maxLength={60} value={typed} onValueChange={setTyped} />
      <Button type="submit" kind="main" busy={save.isPending} disabled={typed.trim() === ''}>
        {t('mykeys.rename.save')}
      </Button>
      {save.error ? <Refusal error={save.error} /> : null}
    </form>
  );
}

/** On the old device: finds the new one by its code, compares digits, hands the keys over. */
export function AddDevice({ vault, code: given }: { vault: Vault; code: string }) {
  const queries = useQueryClient();
  const [code, setCode] = useState(given);
  const [digits, setDigits] = useState('');
  const answer = useMutation({ mutationFn: () => answerPairing(vault.io, code) });
  const give = useMutation({
    mutationFn: () => completePairing(vault, code, answer.data!, digits),
    onSuccess: async (handed) => {
      if (!handed) return;
      toast(t('mykeys.pair.done'));
      answer.reset();
      setCode('');
      setDigits('');
      await queries.invalidateQueries({ queryKey: DEVICES });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (answer.data) give.mutate();
    else answer.mutate();
  };
  return (
    <Card title={t('mykeys.pair')}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <p className="m-0 soft">{t('mykeys.pair.lead', { join: t('join.link') })}</p>
        <Field
          label={t('mykeys.pair.code')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          value={code}
          readOnly={answer.data !== undefined}
          onValueChange={setCode}
        />
        {answer.data ? (
          <Field
            label={t('mykeys.pair.digits')}
            hint={t('mykeys.pair.why')}
            large
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={7}
            value={digits}
            onValueChange={setDigits}
          />
        ) : null}
        <Button
          type="submit"
          kind={answer.data ? 'main' : 'plain'}
          busy={answer.isPending || give.isPending}
          disabled={code.trim() === ''}
        >
          {t(answer.data ? 'mykeys.pair.give' : 'mykeys.pair.find')}
        </Button>
        {give.data === false ? <Pill tone="amber">{t('mykeys.pair.wait')}</Pill> : null}
        {answer.error || give.error ? <Refusal error={give.error ?? answer.error} /> : null}
      </form>
    </Card>
  );
}
