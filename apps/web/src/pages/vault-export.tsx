/** Everything in one encrypted file. */
import { useMutation } from '@tanstack/react-query';
import { exportAll } from '@zhenmei/client/vault/export-all.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { toIso } from '@zhenmei/kernel';
import { type FormEvent, useState } from 'react';
import { Going, useGoing } from '../bring/going.tsx';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { Opened } from '../vault/opened.tsx';
import { sizeOf } from '../vault/words.ts';

export function VaultExportPage() {
  return (
    <Opened title={t('take.title')} lead={t('take.lead')}>
      {(vault) => <Take vault={vault} />}
    </Opened>
  );
}

function Take({ vault }: { vault: Vault }) {
  const [by, setBy] = useState<'phrase' | 'key'>('phrase');
  const [secret, setSecret] = useState('');
  const going = useGoing();
  const { items } = vault.contents;
  const take = useMutation({
    mutationFn: async () => {
      const key = by === 'phrase' ? { passphrase: secret } : { recipient: secret };
      const file = await exportAll(vault, key, going.start());
      if (file) saveFile(`zhenmei-${toIso(now()).slice(0, 10)}.zip.age`, file, 'application/octet-stream');
      return file !== null;
    },
    onSuccess: () => setSecret(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    take.mutate();
  };
  const size = sizeOf(items.reduce((sum, item) => sum + item.size, 0));
  return (
    <Card>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <p className="m-0 font-medium">{t('take.what', { n: items.length, size })}</p>
        <p className="m-0 soft">{t('take.also')}</p>
        <Choice
          legend={t('take.with')}
          value={by}
          onChange={(next) => {
            setBy(next);
            setSecret('');
          }}
          options={[
            { value: 'phrase', label: t('take.withPhrase') },
            { value: 'key', label: t('take.withKey') },
          ]}
        />
        {by === 'phrase' ? (
          <Field
            label={t('take.phrase')}
            type="password"
            autoComplete="new-password"
            value={secret}
            onValueChange={setSecret}
          />
        ) : (
          <Field label={t('take.key')} autoComplete="off" value={secret} onValueChange={setSecret} />
        )}
        <Button type="submit" kind="main" busy={take.isPending} disabled={secret === ''}>
          {t('take.do')}
        </Button>
        {take.isPending ? <Going what={t('take.busy')} going={going} /> : null}
        {take.data === true ? <Pill tone="jade">{t('take.done')}</Pill> : null}
        {take.data === false ? <Pill tone="amber">{t('take.stopped')}</Pill> : null}
        {take.error ? <Refusal error={take.error} /> : null}
      </form>
    </Card>
  );
}
