import { useMutation } from '@tanstack/react-query';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { useState } from 'react';
import { Card, Page, Refusal } from '../look/parts.tsx';
import { Proofs } from '../look/proofs.tsx';
import { t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { BadgeCard } from './check-badge.tsx';

export function CheckPage() {
  const [trustFile, setTrust] = useState<File | null>(null);
  const check = useMutation({
    mutationFn: async (file: File) => {
      const trust = trustFile
        ? (await trustFile.text()).trim()
        : canonicalJson(await patientApi.call(houseApi.readTrust));
      return verifyReceipt({
        bytes: new Uint8Array(await file.arrayBuffer()),
        trust: parseTrustFile(trust),
        now: now(),
      });
    },
  });
  return (
    <Page title={t('check.title')} lead={t('home.checkLead')}>
      <Card>
        <label htmlFor="trust">{t('check.pickTrust')}</label>
        <input
          id="trust"
          type="file"
          accept="application/json"
          className="input"
          onChange={(e) => setTrust(e.target.files?.[0] ?? null)}
        />
        <label htmlFor="receipt">{t('check.pick')}</label>
        <input
          id="receipt"
          type="file"
          accept="application/json"
          className="input"
          onChange={(e) => {
            const file = e.target.files?.[0];
            if (file) check.mutate(file);
          }}
        />
        {check.error ? <Refusal error={check.error} /> : null}
      </Card>
      {check.data ? <Proofs result={check.data} /> : null}
      <BadgeCard />
    </Page>
  );
}
