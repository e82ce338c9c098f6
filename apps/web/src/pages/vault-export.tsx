/** Everything in one encrypted file. */
import { useMutation } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { toIso } from '@zhenmei/kernel';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { saveBytes } from '../state/save.ts';
import { exportAll } from '../state/vault-export.ts';
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
  const [phrase, setPhrase] = useState('');
  const { items } = vault.contents;
  const take = useMutation({
    mutationFn: async () => {
      const file = await exportAll(vault, phrase);
      saveBytes(`zhenmei-${toIso(now()).slice(0, 10)}.zip.age`, file, 'application/octet-stream');
    },
    onSuccess: () => setPhrase(''),
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
        <Field
          label={t('take.phrase')}
          type="password"
          autoComplete="new-password"
          value={phrase}
          onValueChange={setPhrase}
        />
        <Button type="submit" kind="main" busy={take.isPending} disabled={phrase === ''}>
          {t('take.do')}
        </Button>
        {take.isPending ? <Waiting what={t('take.busy')} /> : null}
        {take.isSuccess ? <Pill tone="jade">{t('take.done')}</Pill> : null}
        {take.error ? <Refusal error={take.error} /> : null}
      </form>
    </Card>
  );
}
