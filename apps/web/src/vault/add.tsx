/** Puts a photo or a file into the vault. */
import { useMutation } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { Compartment } from '@zhenmei/vault/core/content-keys.ts';
import { type FormEvent, useId, useRef, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { t } from '../shell/words.ts';
import { keepFile } from '../state/vault-things.ts';
import { compartmentName } from './words.ts';

const PLACES: readonly Compartment[] = ['face-photos', 'treatments', 'skin-measures', 'genetics', 'messages'];

export function AddThing({ vault }: { vault: Vault }) {
  const [place, setPlace] = useState<Compartment>('face-photos');
  const [title, setTitle] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const add = useMutation({
    mutationFn: (given: { file: File; title: string }) => keepFile(vault, given.file, place, given.title),
    onSuccess: (_, kept) => {
      // what was chosen meanwhile stays
      setTitle((now) => (now === kept.title ? '' : now));
      setFile((now) => (now === kept.file ? null : now));
      if (input.current?.files?.[0] === kept.file) input.current.value = '';
      toast(t('keep.added'));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (file) add.mutate({ file, title });
  };
  return (
    <Card title={t('keep.add')}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <p className="m-0 soft">{t('keep.add.lead')}</p>
        <div className="flex flex-col gap-1">
          <label htmlFor={id} className="font-medium">
            {t('keep.add.file')}
          </label>
          <input
            ref={input}
            id={id}
            type="file"
            className="sr-only peer"
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
          <label
            htmlFor={id}
            aria-hidden="true"
            className="btn justify-start peer-focus-visible:outline-3 peer-focus-visible:outline-plum"
          >
            <span className="text-plum">{t('keep.add.choose')}</span>
            <span className="truncate min-w-0 font-normal">{file?.name ?? ''}</span>
          </label>
        </div>
        <Select
          label={t('keep.add.where')}
          value={place}
          options={PLACES.map((value) => ({ value, label: compartmentName(value) }))}
          onChange={(next) => setPlace(next)}
        />
        <Field label={t('keep.add.name')} maxLength={100} value={title} onValueChange={setTitle} />
        <Button type="submit" kind="main" busy={add.isPending} disabled={file === null}>
          {t('keep.add.do')}
        </Button>
        {add.error ? <Refusal error={add.error} /> : null}
      </form>
    </Card>
  );
}
