import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { readVisit } from '@zhenmei/client/patient.ts';
import { buildReceipt } from '@zhenmei/client/receipt.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { canonicalJson, utf8 } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { certificateOf } from '@zhenmei/verifier/receipt-certificate.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { AccountCard, useVault } from '../look/account.tsx';
import { Certificate } from '../look/certificate.tsx';
import { Card, Facts, Page, Refusal, Waiting } from '../look/parts.tsx';
import { Proofs, save } from '../look/proofs.tsx';
import { date, say, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io, patientVisit } from '../state/vault.ts';

const route = getRouteApi('/framed/visits/$id/receipt');

export function ReceiptPage() {
  const { id } = route.useParams();
  useVault();
  const visit = patientVisit(id);
  const made = useQuery({
    queryKey: ['receipt', id, visit !== null],
    enabled: visit !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const view = await readVisit(io, visit!);
      const { receipt, text } = await buildReceipt(io, visit!, view);
      const trust = canonicalJson(await patientApi.call(houseApi.readTrust));
      const result = await verifyReceipt({ bytes: utf8(text), trust: parseTrustFile(trust), now: now() });
      return { view, text, trust, result, certificate: certificateOf(receipt) };
    },
  });
  if (!visit)
    return (
      <Page title={t('receipt.title')} lead={t('visit.unlockFirst')}>
        <AccountCard />
      </Page>
    );
  if (made.isPending) return <Waiting what={t('visit.evidence')} />;
  if (made.error) return <Refusal error={made.error} />;
  const { view, text, trust, result, certificate } = made.data;
  return (
    <Page title={t('receipt.title')} lead={t('receipt.lead')}>
      <Card>
        <Facts
          rows={[
            [t('visit.where'), say(view.clinic.name)],
            [t('visit.doctor'), say(view.doctor.name)],
            [t('visit.when'), date(view.slot.startsAt, now(), true)],
            [t('visit.total'), yuan(view.total, view.quote.currency)],
          ]}
        />
        <div className="flex gap-3 flex-wrap no-print">
          <button
            type="button"
            className="btn btn-main"
            onClick={() => save(`zhenmei-receipt-${id.slice(0, 8)}.json`, text)}
          >
            {t('receipt.save')}
          </button>
          <button type="button" className="btn" onClick={() => save('zhenmei-trust.json', trust)}>
            {t('receipt.saveTrust')}
          </button>
          <button type="button" className="btn" onClick={() => window.print()}>
            {t('receipt.print')}
          </button>
        </div>
      </Card>
      <Proofs result={result} />
      {certificate ? <Certificate text={certificate} /> : null}
    </Page>
  );
}
