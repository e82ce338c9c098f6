/** Codes come one by one: from a scanner that types, by hand, from a picture or the camera. Each is looked up. */
import { useMutation } from '@tanstack/react-query';
import { provenanceApi, type ScanView } from '@zhenmei/provenance/api.ts';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

const Scanner = lazy(() => import('../scan/scanner.tsx'));

/** What a code was found to be, and why it is of no use here; null if it is. */
export function uselessness(found: ScanView): string | null {
  if (found.kind === 'malformed') return t('scan.malformed', { why: found.fault ? say(found.fault) : '' });
  return found.kind === 'other' ? t('scan.other') : null;
}

export function ScanField({ onFound }: { onFound(found: ScanView): void }) {
  const [code, setCode] = useState('');
  const [said, setSaid] = useState<string | null>(null);
  const look = useMutation({
    mutationFn: (text: string) => deskApi.call(provenanceApi.lookUp, { body: { code: text } }),
    onSuccess: (found) => {
      const useless = uselessness(found);
      setSaid(useless);
      if (useless) return;
      setCode('');
      onFound(found);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = code.trim();
    if (text) look.mutate(text);
  };
  return (
    <form className="flex flex-col gap-3 no-print" onSubmit={submit}>
      <Field
        label={t('goods.scan')}
        hint={t('goods.scan.hint')}
        autoComplete="off"
        spellCheck={false}
        maxLength={400}
        value={code}
        onValueChange={setCode}
        error={said}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={look.isPending} disabled={code.trim() === ''}>
          {t('goods.add')}
        </Button>
        <Suspense fallback={null}>
          <Scanner onCode={(text) => look.mutate(text)} />
        </Suspense>
      </div>
      {look.error ? <Refusal error={look.error} /> : null}
    </form>
  );
}
