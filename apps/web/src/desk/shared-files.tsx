/** What a permission covers, file by file: opened one at a time, left as a note for the patient. */
import { useMutation } from '@tanstack/react-query';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import {
  type Asked,
  type ListedFile,
  leaveFile,
  openFile,
  type Received,
} from '@zhenmei/client/vault/reading.ts';
import { utf8 } from '@zhenmei/kernel';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { Content } from '../vault/content.tsx';
import { compartmentName, sizeOf } from '../vault/words.ts';

export function Files({
  clinic,
  received,
  files,
  asked,
}: {
  clinic: Clinic;
  received: Received;
  files: readonly ListedFile[];
  asked: Asked;
}) {
  const open = useMutation({
    mutationFn: async (file: ListedFile) => ({
      file,
      bytes: await (await openFile(clinic, received, file, asked)).read(),
    }),
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: async (file: ListedFile) => {
      const opened = await openFile(clinic, received, file, { ...asked, action: 'export' });
      saveFile(file.title, await opened.read(), file.mime);
    },
  });
  const shown = open.data;
  return (
    <section aria-label={t('shared.files')} className="flex flex-col gap-2">
      <h3 className="m-0 text-base font-medium">{t('shared.files')}</h3>
      {files.length === 0 ? <p className="m-0 soft">{t('shared.empty')}</p> : null}
      <ul className="list-none m-0 p-0">
        {files.map((file) => (
          <li
            key={file.object}
            className="border-t border-line first:border-0 py-2 flex items-center justify-between gap-3"
          >
            <span className="min-w-0">
              <span className="font-medium block break-words">{file.title}</span>
              <span className="soft text-sm">
                {compartmentName(file.compartment)} · {date(file.at, now())} · {sizeOf(file.size)}
              </span>
            </span>
            <Button className="btn-small shrink-0" busy={open.isPending} onClick={() => open.mutate(file)}>
              {t('shared.open')}
              <span className="sr-only"> {file.title}</span>
            </Button>
          </li>
        ))}
      </ul>
      {shown ? (
        <section aria-live="polite" className="border-t border-line pt-3 flex flex-col gap-3">
          <h4 className="m-0 text-base font-semibold">{t('shared.reading', { title: shown.file.title })}</h4>
          <Content
            kind={shown.file.kind}
            mime={shown.file.mime}
            title={shown.file.title}
            bytes={shown.bytes}
          />
          <div className="flex flex-wrap gap-3">
            <Button onClick={() => open.reset()}>{t('shared.close')}</Button>
            {received.grant.actions.includes('export') ? (
              <Button busy={save.isPending} onClick={() => save.mutate(shown.file)}>
                {t('shared.save')}
              </Button>
            ) : null}
          </div>
        </section>
      ) : null}
      {open.error || save.error ? <Refusal error={open.error ?? save.error} /> : null}
    </section>
  );
}

export function Leave({ clinic, received, asked }: { clinic: Clinic; received: Received; asked: Asked }) {
  const [text, setText] = useState('');
  const leave = useMutation({
    mutationFn: () => leaveFile(clinic, received, utf8(text), asked),
    onSuccess: () => {
      setText('');
      toast(t('shared.left'));
    },
  });
  return (
    <section aria-label={t('shared.leave')} className="border-t border-line pt-3 flex flex-col gap-3">
      <h3 className="m-0 text-base font-medium">{t('shared.leave')}</h3>
      <Field
        label={t('shared.leave.text')}
        lines={3}
        maxLength={4_000}
        value={text}
        onValueChange={setText}
      />
      <Button busy={leave.isPending} disabled={text.trim() === ''} onClick={() => leave.mutate()}>
        {t('shared.leave.do')}
      </Button>
      {leave.error ? <Refusal error={leave.error} /> : null}
    </section>
  );
}
