/** Checks what somebody shows: a receipt, the proof of a unit, or a treatment certificate. Nothing leaves this device. */
import { useMutation } from '@tanstack/react-query';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, fromUtf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { CERTIFICATE_PREFIX, verifyCertificate } from '@zhenmei/verifier/certificate.ts';
import { verifyErasure } from '@zhenmei/verifier/erasure.ts';
import { kindOf } from '@zhenmei/verifier/kind.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { verifyUnitProof } from '@zhenmei/verifier/verify-unit.ts';
import { type FormEvent, lazy, Suspense, useCallback, useState } from 'react';
import { CertificateAnswer } from '../look/certificate.tsx';
import { ErasureAnswer } from '../look/erasure.tsx';
import { Field } from '../look/field.tsx';
import { FilePick } from '../look/file-pick.tsx';
import { Card, Page, Refusal } from '../look/parts.tsx';
import { Proofs } from '../look/proofs.tsx';
import { UnitProofs } from '../look/unit-proofs.tsx';
import { useHandScanner } from '../scan/use-hand-scanner.ts';
import { t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { BadgeAnswer, judgeBadge } from './check-badge.tsx';

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
    case 'erasure':
      return { kind: 'erasure', result: await verifyErasure(fromUtf8(bytes), trust) } as const;
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
  // also without a network: it pauses what needs one
  const text = useMutation({
    networkMode: 'always',
    mutationFn: async (given: string) =>
      given.trim().startsWith(CERTIFICATE_PREFIX)
        ? ({
            of: 'treatment',
            result: await verifyCertificate(given.trim(), await trustOf(trustFile)),
          } as const)
        : ({ of: 'person', checked: await judgeBadge(given) } as const),
  });
  const { mutate } = text;
  const scanned = useCallback(
    (found: string) => {
      setCode(found);
      mutate(found);
    },
    [mutate],
  );
  useHandScanner(scanned);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (code.trim()) mutate(code);
  };
  return (
    <Page title={t('check.titleAny')} lead={t('check.leadAny')}>
      <Card>
        <FilePick
          id="receipt"
          label={t('check.pickAny')}
          accept="application/json,.json,text/plain"
          onPick={(chosen) => file.mutate(chosen)}
        />
        <FilePick id="trust" label={t('check.pickTrust')} accept="application/json" onPick={setTrust} />
        {file.error ? <Refusal error={file.error} /> : null}
      </Card>
      {file.data?.kind === 'receipt' ? <Proofs result={file.data.result} /> : null}
      {file.data?.kind === 'unit-proof' ? (
        <Card title={t('verify.proofs')}>
          <UnitProofs result={file.data.result} />
        </Card>
      ) : null}
      {file.data?.kind === 'erasure' ? <ErasureAnswer result={file.data.result} /> : null}
      {file.data?.kind === 'certificate' ? <CertificateAnswer result={file.data.result} /> : null}
      <form className="card flex flex-col gap-3" onSubmit={submit}>
        <Field
          label={t('check.code')}
          hint={t('check.codeHint')}
          value={code}
          maxLength={64_000}
          lines={3}
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
      {text.data?.of === 'treatment' ? <CertificateAnswer result={text.data.result} /> : null}
      {text.data?.of === 'person' ? <BadgeAnswer checked={text.data.checked} /> : null}
    </Page>
  );
}
