/** Checks what somebody shows: a receipt, the proof of a unit, or a treatment certificate. Nothing leaves this device. */
import { useMutation } from '@tanstack/react-query';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, fromUtf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { verifyCertificate } from '@zhenmei/verifier/certificate.ts';
import { kindOf } from '@zhenmei/verifier/kind.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { verifyUnitProof } from '@zhenmei/verifier/verify-unit.ts';
import { type FormEvent, lazy, Suspense, useCallback, useState } from 'react';
import { CertificateAnswer } from '../look/certificate.tsx';
import { Field } from '../look/field.tsx';
import { Card, Page, Refusal } from '../look/parts.tsx';
import { Proofs } from '../look/proofs.tsx';
import { UnitProofs } from '../look/unit-proofs.tsx';
import { t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { BadgeCard } from './check-badge.tsx';

const Scanner = lazy(() => import('../scan/scanner.tsx'));

/** The trust file that was chosen, or this house's own. */
async function trustOf(file: File | null): Promise<TrustFile> {
  return parseTrustFile(
    file ? (await file.text()).trim() : canonicalJson(await patientApi.call(houseApi.readTrust)),
  );
}

async function checkBytes(bytes: Uint8Array, trust: TrustFile) {
  const input = { bytes, trust, now: now() };
  switch (kindOf(bytes)) {
    case 'unit-proof':
      return { kind: 'unit-proof', result: await verifyUnitProof(input) } as const;
    case 'certificate':
      return { kind: 'certificate', result: await verifyCertificate(fromUtf8(bytes), trust) } as const;
    case 'receipt':
      return { kind: 'receipt', result: await verifyReceipt(input) } as const;
  }
}

export function CheckPage() {
  const [trustFile, setTrust] = useState<File | null>(null);
  const [code, setCode] = useState('');
  const file = useMutation({
    mutationFn: async (chosen: File) =>
      checkBytes(new Uint8Array(await chosen.arrayBuffer()), await trustOf(trustFile)),
  });
  const text = useMutation({
    mutationFn: async (given: string) => verifyCertificate(given, await trustOf(trustFile)),
  });
  const { mutate } = text;
  const scanned = useCallback(
    (found: string) => {
      setCode(found);
      mutate(found);
    },
    [mutate],
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim()) mutate(code.trim());
  };
  return (
    <Page title={t('check.titleAny')} lead={t('check.leadAny')}>
      <Card>
        <label htmlFor="trust">{t('check.pickTrust')}</label>
        <input
          id="trust"
          type="file"
          accept="application/json"
          className="input"
          onChange={(e) => setTrust(e.target.files?.[0] ?? null)}
        />
        <label htmlFor="receipt">{t('check.pickAny')}</label>
        <input
          id="receipt"
          type="file"
          accept="application/json,.json,text/plain"
          className="input"
          onChange={(e) => {
            const chosen = e.target.files?.[0];
            if (chosen) file.mutate(chosen);
          }}
        />
        {file.error ? <Refusal error={file.error} /> : null}
      </Card>
      {file.data?.kind === 'receipt' ? <Proofs result={file.data.result} /> : null}
      {file.data?.kind === 'unit-proof' ? (
        <Card title={t('verify.proofs')}>
          <UnitProofs result={file.data.result} />
        </Card>
      ) : null}
      {file.data?.kind === 'certificate' ? <CertificateAnswer result={file.data.result} /> : null}
      <form className="card flex flex-col gap-3" onSubmit={submit}>
        <Field
          label={t('check.code')}
          hint={t('check.codeHint')}
          value={code}
          maxLength={4_400}
          autoComplete="off"
          spellCheck={false}
          onValueChange={setCode}
        />
        <div className="flex gap-3 flex-wrap">
          <button type="submit" className="btn">
            {t('check.codeGo')}
          </button>
          <Suspense fallback={null}>
            <Scanner onCode={scanned} />
          </Suspense>
        </div>
        {text.error ? <Refusal error={text.error} /> : null}
      </form>
      {text.data ? <CertificateAnswer result={text.data} /> : null}
      <BadgeCard />
    </Page>
  );
}
