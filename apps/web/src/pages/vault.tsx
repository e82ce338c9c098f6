import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@zhenmei/client/api.ts';
import { mailboxLabel } from '@zhenmei/client/clinic.ts';
import { readVisit, visitSecret } from '@zhenmei/client/patient.ts';
import { fromUtf8, strictJson } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { agreementSealKeys, visitValue } from '@zhenmei/vault/core/derive.ts';
import { readRecord, summariseRecord, type TreatmentSummary, ZONES } from '@zhenmei/vault/core/record.ts';
import { openSealed } from '@zhenmei/vault/core/seal.ts';
import { AccountCard, useVault } from '../look/account.tsx';
import { Card, Empty, Facts, Page, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io, patientVisit } from '../state/vault.ts';

/** Collects what clinics left, and opens it here. */
async function records(ids: readonly string[]): Promise<TreatmentSummary[]> {
  const found: TreatmentSummary[] = [];
  for (const id of ids) {
    const visit = patientVisit(id);
    const view = visit && (await readVisit(io, visit));
    if (!visit || !view?.sealedSecret) continue;
    const secret = await visitSecret(visit, view);
    try {
      const { sealed } = await patientApi.call(vaultApi.collect, { params: { label: mailboxLabel(secret) } });
      const text = await openSealed(
        agreementSealKeys(visit.root, visit.index).secretKey,
        sealed,
        `record/${id}`,
        { psk: visitValue.sealSecret(secret) },
      );
      found.push(summariseRecord(readRecord(strictJson(fromUtf8(text)))));
    } catch (error) {
      if (!(error instanceof ApiError && error.code === 'OBJECT_UNKNOWN')) throw error;
    }
  }
  return found;
}

export function VaultPage() {
  const open = useVault();
  const list = useQuery({
    queryKey: ['records', open?.visits.length],
    enabled: open !== null,
    queryFn: () => records(open!.visits.map((v) => v.id)),
  });
  return (
    <Page title={t('vault.title')} lead={t('vault.lead')}>
      {open ? null : <AccountCard />}
      {open && list.isPending ? <Waiting what={t('scan.checking')} /> : null}
      {list.error ? <Refusal error={list.error} /> : null}
      {list.data?.length === 0 ? <Empty text={t('vault.empty')} to="/" action={t('visits.find')} /> : null}
      {list.data?.map((record) => (
        <Card key={record.at} title={record.procedure}>
          <Facts
            rows={[
              [t('visit.when'), date(record.at, now(), true)],
              [t('visit.doctor'), record.doctor],
              [t('vault.product'), record.product.name],
              [t('vault.lot'), record.product.lot],
              [
                t('vault.zones'),
                <ul key="zones" className="list-none m-0 p-0">
                  {record.amounts.map((a) => (
                    <li key={a.zone}>{`${zoneName(a.zone)} ${amountText(a.amount, a.unit)}`}</li>
                  ))}
                </ul>,
              ],
              ...(record.note ? [[t('desk.note'), record.note] as const] : []),
            ]}
          />
        </Card>
      ))}
    </Page>
  );
}

const zoneName = (code: string) => (code in ZONES ? say(ZONES[code as keyof typeof ZONES]) : code);
const amountText = (amount: number, unit: string) =>
  unit === 'uL' ? `${amount / 1000} mL` : unit === 'U' ? t('unit.U', { amount }) : `${amount} ${unit}`;
