/** One hand-over: both sides, what is on board, who signed, and what to do with it here. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type HandoverDetailView, type PartyView, provenanceApi } from '@zhenmei/provenance/api.ts';
import { signsEvent } from '@zhenmei/provenance/core/event-signature.ts';
import { Addresses, Line, Rows } from '../desk/parts.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Card, Details, Facts, Page, Pill, Refusal, Skeleton } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { Standing } from './desk-shipments.tsx';

const route = getRouteApi('/desk/shipments/$digest');

export const useHandover = (digest: string) =>
  useQuery({
    queryKey: ['handover', digest],
    refetchInterval: 5_000,
    queryFn: () => deskApi.call(provenanceApi.readHandover, { params: { digest: digest as `0x${string}` } }),
  });

export const partyName = (party: PartyView | null): string => (party ? say(party.name) : t('party.unknown'));

export function DeskShipmentPage() {
  const { digest } = route.useParams();
  const { gln } = useSupply();
  const found = useHandover(digest);
  const one = found.data;
  if (!one)
    return (
      <Page title={t('shipments.title')}>
        {found.error ? <Refusal error={found.error} /> : <Skeleton lines={5} />}
      </Page>
    );
  const toReceive = one.kind === 'ship' && one.to?.gln === gln && one.arrived < one.units;
  return (
    <Page
      title={t(one.kind === 'ship' ? 'handover.shipment' : 'handover.receipt')}
      lead={t('handover.fromTo', { from: partyName(one.from), to: partyName(one.to) })}
    >
      {toReceive ? (
        <Link to="/desk/receive" search={{ shipment: digest }} className="btn btn-main self-start no-print">
          {t('receive.this')}
        </Link>
      ) : null}
      <Card>
        <Standing of={one} />
        <Facts
          rows={[
            [t('handover.at'), date(one.at, now(), true)],
            [t('handover.units'), String(one.units)],
            ...(one.carrier ? [[t('ship.carrier'), one.carrier] as const] : []),
            ...(one.reference ? [[t('ship.reference'), one.reference] as const] : []),
          ]}
        />
        <Signatures of={one} />
      </Card>
      <OnBoard of={one} />
      {one.receipts.length > 0 ? (
        <Card title={t('handover.receipts')}>
          <Rows>
            {one.receipts.map((receipt) => (
              <Line key={receipt.digest}>
                <div className="flex flex-wrap justify-between gap-3 py-2">
                  <span>
                    {date(receipt.at, now(), true)} · {t('units', { n: receipt.units })}
                  </span>
                  <Pill tone={receipt.signed ? 'jade' : 'slate'}>
                    {t(receipt.signed ? 'handover.signed' : 'handover.unsigned')}
                  </Pill>
                </div>
              </Line>
            ))}
          </Rows>
        </Card>
      ) : null}
      <button type="button" className="btn self-start no-print" onClick={() => print()}>
        {t('handover.print')}
      </button>
    </Page>
  );
}

/** Each signature is checked here, in this page. */
function Signatures({ of }: { of: HandoverDetailView }) {
  if (of.signatures.length === 0) return <Pill tone="slate">{t('handover.unsigned')}</Pill>;
  return of.signatures.map((one) => {
    const holds = signsEvent({ event: of.digest, key: one.key, signature: one.signature });
    return (
      <div key={one.key}>
        <Pill tone={holds ? 'jade' : 'cinnabar'}>
          {t(holds ? 'handover.signedBy' : 'handover.badSignature', { name: say(one.by) })}
        </Pill>
        <Details>
          {of.digest}
          <span className="block">{one.key}</span>
          <span className="block">{one.signature}</span>
        </Details>
      </div>
    );
  });
}

function OnBoard({ of }: { of: HandoverDetailView }) {
  const names = new Map(of.storage.map(({ gtin, name }) => [gtin, say(name)]));
  const groups = Map.groupBy(of.onBoard, ({ epc, lot, expiry }) => {
    const gtin = /\/01\/(\d{14})\//.exec(epc)?.[1] ?? '';
    return JSON.stringify([names.get(gtin) ?? gtin, lot ? lot.split('/10/')[1] : '–', expiry ?? '–']);
  });
  return (
    <Card title={t('handover.onBoard')}>
      {[...groups].map(([key, units]) => {
        const [name, lot, expiry] = JSON.parse(key) as [string, string, string];
        const missing = units.filter(({ arrived }) => !arrived);
        return (
          <div key={key} className="flex flex-col gap-1 border-t border-line first:border-0 pt-3 first:pt-0">
            <span className="font-medium">{name}</span>
            <span className="soft text-sm">
              {t('lots.lot', { lot: decodeURIComponent(lot) })} · {t('lots.expiry', { day: expiry })} ·{' '}
              {t('units', { n: units.length })}
            </span>
            <Addresses of={units.map(({ epc }) => epc)} />
            {of.arrived > 0 && missing.length > 0 ? (
              <>
                <Pill tone="amber">{t('handover.missing', { n: missing.length })}</Pill>
                <Addresses of={missing.map(({ epc }) => epc)} />
              </>
            ) : null}
          </div>
        );
      })}
    </Card>
  );
}
