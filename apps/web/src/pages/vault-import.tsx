/** Brings files into the vault: looked at on this device first, kept once the person says so. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Prepared } from '@zhenmei/client/vault/import-files.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { useId, useState } from 'react';
import { Going, useGoing } from '../bring/going.tsx';
import { Moving } from '../bring/moving.tsx';
import { Past } from '../bring/past.tsx';
import { Preview } from '../bring/preview.tsx';
import { Button } from '../look/button.tsx';
import { Card, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { type Keepable, keepAll, look } from '../state/importing.ts';
import { Opened } from '../vault/opened.tsx';

export function VaultImportPage() {
  return (
    <Opened title={t('bring.title')} lead={t('bring.lead')}>
      {(vault) => <Bring vault={vault} />}
    </Opened>
  );
}

interface Failed {
  readonly name: string;
  readonly error: unknown;
}

function Bring({ vault }: { vault: Vault }) {
  const id = useId();
  const [files, setFiles] = useState<readonly Prepared[]>([]);
  const [failed, setFailed] = useState<readonly Failed[]>([]);
  const going = useGoing();
  const looking = useMutation({
    mutationFn: async (chosen: readonly File[]) => {
      setFailed([]);
      for (const file of chosen)
        try {
          const found = await look(file);
          setFiles((before) => [...before, found]);
        } catch (error) {
          setFailed((before) => [...before, { name: file.name, error }]);
        }
    },
  });
  const keepable = files.filter((file): file is Keepable => file.kind !== 'export');
  const add = useMutation({
    mutationFn: () => keepAll(vault, keepable, going.start()),
    onSuccess: () => setFiles((before) => before.filter(({ kind }) => kind === 'export')),
  });
  const drop = (file: Prepared) => setFiles((before) => before.filter((one) => one !== file));
  const change = (from: Prepared, to: Prepared) =>
    setFiles((before) => before.map((one) => (one === from ? to : one)));
  return (
    <>
      <Card>
        <p className="m-0 soft">{t('bring.kinds')}</p>
        <label htmlFor={id} className="btn btn-main relative">
          {t('bring.choose')}
          <input
            id={id}
            type="file"
            multiple
            className="sr-only"
            onChange={({ target }) => {
              add.reset();
              looking.mutate([...(target.files ?? [])]);
              target.value = '';
            }}
          />
        </label>
        {looking.isPending ? <Waiting what={t('bring.looking')} /> : null}
        {failed.map(({ name, error }) => (
          <div key={name} className="flex flex-col gap-1">
            <p className="m-0 break-words">{t('bring.failed', { name })}</p>
            <Refusal error={error} />
          </div>
        ))}
      </Card>
      {files.map((file, i) =>
        file.kind === 'export' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
          <Moving key={i} vault={vault} file={file} onDrop={() => drop(file)} />
        ) : (
          <Preview
            // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name
            key={i}
            file={file}
            disabled={add.isPending}
            onDrop={() => drop(file)}
            onChange={(next) => change(file, next)}
          />
        ),
      )}
      {keepable.length > 0 ? (
        <Button kind="main" busy={add.isPending} onClick={() => add.mutate()}>
          {t('bring.do')}
        </Button>
      ) : null}
      {add.isPending ? <Going what={t('bring.doing')} going={going} /> : null}
      {add.error ? <Refusal error={add.error} /> : null}
      {add.data ? (
        <Card>
          <Pill tone="jade">{t('bring.done', { n: add.data.kept })}</Pill>
          {add.data.known > 0 ? <p className="m-0 soft">{t('bring.known', { n: add.data.known })}</p> : null}
          {add.data.allergies > 0 ? (
            <p className="m-0">{t('bring.allergiesDone', { n: add.data.allergies })}</p>
          ) : null}
          {add.data.facts > 0 ? <p className="m-0">{t('bring.factsDone', { n: add.data.facts })}</p> : null}
          <Link to="/vault/timeline" className="inline-flex items-center min-h-11 w-fit">
            {t('bring.see')}
          </Link>
        </Card>
      ) : null}
      <Past vault={vault} />
    </>
  );
}
