/** Codes come one by one, however they are scanned or typed; each is looked up. */
import { useMutation } from '@tanstack/react-query';
import { provenanceApi, type ScanView } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { Pill, Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { ScanBox } from './scan-box.tsx';

/** Why a code is of no use here; null if it is. */
function uselessness(found: ScanView): string | null {
  if (found.kind === 'malformed') return t('scan.malformed', { why: found.fault ? say(found.fault) : '' });
  return found.kind === 'other' ? t('scan.other') : null;
}

export function ScanField({ onFound }: { onFound(found: ScanView): void }) {
  const [useless, setUseless] = useState<string | null>(null);
  const look = useMutation({
    mutationFn: (code: string) => deskApi.call(provenanceApi.lookUp, { body: { code } }),
    onSuccess: (found) => {
      const why = uselessness(found);
      setUseless(why);
      if (why === null) onFound(found);
    },
  });
  return (
    <div className="flex flex-col gap-3 no-print">
      <ScanBox action={t('goods.add')} onCode={(code) => look.mutate(code)} />
      {useless ? (
        <p role="alert" className="m-0">
          <Pill tone="cinnabar">{useless}</Pill>
        </p>
      ) : null}
      {look.error ? <Refusal error={look.error} /> : null}
    </div>
  );
}
