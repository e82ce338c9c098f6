import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@zhenmei/client/api.ts';
import { mailboxLabel } from '@zhenmei/client/clinic.ts';
import { readVisit, visitSecret } from '@zhenmei/client/patient.ts';
import { fromUtf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { agreementSealKeys } from '@zhenmei/vault/core/derive.ts';
import { TreatmentRecord, ZONES } from '@zhenmei/vault/core/record.ts';
import { openSealed } from '@zhenmei/vault/core/seal.ts';
import { AccountCard, useVault } from '../look/account.tsx';
import { Card, Empty, Facts, Page, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { io, patientVisit } from '../state/vault.ts';

/** Collects what clinics left, and opens it here. */
async function records(ids: readonly string[]): Promise<TreatmentRecord[]> {
  const found: TreatmentRecord[] = [];
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
      );
      found.push(TreatmentRecord.parse(JSON.parse(fromUtf8(text))));
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
      {list.data?.map((record) => {
        const [procedure, device] = record.entry;
        return (
          <Card key={procedure.resource.performedDateTime} title={t('vault.record')}>
            <Facts
              rows={[
                [t('visit.when'), date(procedure.resource.performedDateTime, now(), true)],
                [t('visit.doctor'), procedure.resource.performer[0]!.actor.display],
                [t('scan.title'), device.resource.deviceName[0]!.name],
                [t('vault.lot'), device.resource.lotNumber],
                [
                  t('vault.zones'),
                  device.resource.property
                    .map((p) => {
                      const zone = p.type.coding[0]!.code;
                      const { value, unit } = p.valueQuantity[0]!;
                      const amount = unit === 'uL' ? `${value / 1000} mL` : `${value} ${unit}`;
                      return `${zone in ZONES ? say(ZONES[zone as keyof typeof ZONES]) : zone} ${amount}`;
                    })
                    .join(' · '),
                ],
              ]}
            />
          </Card>
        );
      })}
    </Page>
  );
}
