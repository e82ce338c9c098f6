/** Goods arrive: scanned, compared with what was announced, differences shown, then signed by this device. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { mismatchEvent, receivingEvent, stateSigned } from '@zhenmei/client/hand-over.ts';
import { type HandoverDetailView, provenanceApi, type ScanView } from '@zhenmei/provenance/api.ts';
import { compareDelivery, type Delivery } from '@zhenmei/provenance/core/delivery.ts';
import { useState } from 'react';
import { type Leg, Logger } from '../desk/logger.tsx';
import { Addresses, isContainer, Line, Nothing, ROW, Rows, shortName } from '../desk/parts.tsx';
import { ScanField } from '../desk/scan-field.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Card, Page, Pill, Refusal, Skeleton } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { partyName, useHandover } from './desk-shipment.tsx';

const route = getRouteApi('/desk/receive');

export function DeskReceivePage() {
  const { shipment, unannounced } = route.useSearch();
  if (unannounced) return <Receive shipment={null} />;
  return shipment ? <Announced digest={shipment} /> : <Choose />;
}

/** Which delivery is it? */
function Choose() {
  const { organisation } = useSupply();
  const found = useQuery({
    queryKey: ['handovers', organisation.id, 'in'],
    queryFn: () => deskApi.call(provenanceApi.listHandovers, { query: { way: 'in' } }),
  });
  const coming = (found.data?.handovers ?? []).filter(({ arrived, units }) => arrived < units);
  return (
    <Page title={t('receive.title')} lead={t('receive.choose')}>
      {found.error ? <Refusal error={found.error} /> : null}
      {found.isPending ? <Skeleton lines={3} /> : null}
      {found.data && coming.length === 0 ? <Nothing text={t('shipments.none.in')} /> : null}
      {coming.length > 0 ? (
        <Card>
          <Rows>
            {coming.map((one) => (
              <Line key={one.digest}>
                <Link to="/desk/receive" search={{ shipment: one.digest }} className={ROW}>
                  <span className="font-medium">{t('shipments.from', { name: partyName(one.from) })}</span>
                  <span className="soft text-sm">
                    {t('units', { n: one.units - one.arrived })} · {date(one.at, now(), true)}
                  </span>
                </Link>
              </Line>
            ))}
          </Rows>
        </Card>
      ) : null}
      <Link to="/desk/receive" search={{ unannounced: true }} className="btn self-start">
        {t('receive.unannounced')}
      </Link>
    </Page>
  );
}

function Announced({ digest }: { digest: string }) {
  const found = useHandover(digest);
  if (found.data) return <Receive shipment={found.data} />;
  return (
    <Page title={t('receive.title')}>
      {found.error ? <Refusal error={found.error} /> : <Skeleton lines={5} />}
    </Page>
  );
}

function Receive({ shipment }: { shipment: HandoverDetailView | null }) {
  const supply = useSupply();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [scans, setScans] = useState<readonly ScanView[]>([]);
  const [leg, setLeg] = useState<Leg | null>(null);
  const [from, setFrom] = useState('');
  const expected = (shipment?.onBoard ?? []).filter(({ arrived }) => !arrived);
  const delivery = compareDelivery(
    expected,
    scans.map(({ epc, contents, label }) => ({ epc, contents, label })),
  );
  const sender = shipment?.from?.gln ?? from;
  // counted by hand against the papers instead of scanned: closed containers by their number, where none was opened
  const counted = useMutation({
    mutationFn: async () => {
      const listed = (shipment?.event.epcList ?? []) as string[];
      const whole = shipment?.arrived === 0 && listed.every(isContainer);
      if (!whole) return expected.map(({ epc }) => announced(epc));
      return Promise.all(listed.map((code) => deskApi.call(provenanceApi.lookUp, { body: { code } })));
    },
    onSuccess: (found) => setScans((before) => [...before, ...found]),
  });
  const sign = useMutation({
    mutationFn: async () => {
      const at = supply.now();
      const apart = [...new Set(delivery.labels.map(({ epc }) => epc))];
      const signed =
        delivery.received.length > 0
          ? await stateSigned(
              supply,
              receivingEvent({
                epcs: delivery.received,
                from: sender,
                to: supply.gln,
                at,
                reference: shipment?.reference ?? undefined,
                sensors: leg?.elements,
              }),
            )
          : null;
      if (apart.length > 0)
        await stateSigned(supply, mismatchEvent({ gln: supply.gln, epcs: apart, at: at + 1 }));
      return signed?.digest ?? null;
    },
    onSuccess: async (digest) => {
      await queries.invalidateQueries();
      await navigate(
        digest
          ? { to: '/desk/shipments/$digest', params: { digest: shipment?.digest ?? digest } }
          : { to: '/desk/inbox' },
      );
    },
  });
  return (
    <Page
      title={t('receive.title')}
      lead={shipment ? t('shipments.from', { name: partyName(shipment.from) }) : t('receive.unannounced')}
    >
      {shipment ? null : <Sender value={from} onChange={setFrom} own={supply.gln} />}
      <Card title={t('receive.scan')}>
        <ScanField
          onFound={(one) => setScans((before) => [...before.filter(({ epc }) => epc !== one.epc), one])}
        />
        {shipment ? (
          <Button className="self-start" busy={counted.isPending} onClick={() => counted.mutate()}>
            {t('receive.all', { n: expected.length })}
          </Button>
        ) : null}
        {scans.length > 0 ? (
          <Button kind="quiet" className="self-start" onClick={() => setScans([])}>
            {t('receive.clear')}
          </Button>
        ) : null}
      </Card>
      <Differences delivery={delivery} announced={expected.length} />
      <Card title={t('logger.title')}>
        <p className="m-0 soft">{t('logger.leadIn')}</p>
        <Logger products={shipment?.storage ?? []} leg={leg} onLeg={setLeg} />
      </Card>
      {sign.error ? <Refusal error={sign.error} /> : null}
      <Button
        kind="main"
        busy={sign.isPending}
        disabled={(delivery.received.length === 0 && delivery.labels.length === 0) || sender === ''}
        onClick={() => sign.mutate()}
      >
        {t('receive.sign', { n: shipment ? delivery.arrived.length : delivery.received.length })}
      </Button>
    </Page>
  );
}

/** The address is known, the label was not read. */
const announced = (epc: string): ScanView => ({
  kind: 'unit',
  epc,
  fault: null,
  gtin: null,
  product: null,
  isToxin: false,
  label: { lot: null, expiry: null },
  record: null,
  standing: 'moving',
  holder: null,
  bound: null,
  shipment: null,
  container: null,
  lock: null,
  contents: [],
});

function Sender({ value, onChange, own }: { value: string; onChange(gln: string): void; own: string }) {
  const parties = useQuery({
    queryKey: ['parties'],
    queryFn: () => deskApi.call(provenanceApi.listParties),
  });
  const others = (parties.data?.parties ?? []).filter(({ gln }) => gln !== own);
  return (
    <Card>
      <Select
        label={t('receive.sender')}
        value={value}
        onChange={onChange}
        options={[
          { value: '', label: t('receive.pickSender') },
          ...others.map(({ gln, name }) => ({ value: gln, label: say(name) })),
        ]}
      />
    </Card>
  );
}

/** Shown before anything is signed. */
function Differences({ delivery, announced: count }: { delivery: Delivery; announced: number }) {
  const { arrived, missing, extra, labels, received } = delivery;
  if (received.length === 0 && labels.length === 0)
    return count > 0 ? <Nothing text={t('receive.expected', { n: count })} /> : null;
  return (
    <Card title={t('receive.compare')}>
      <div aria-live="polite" className="flex flex-col gap-3">
        {count > 0 ? (
          <Pill tone={missing.length === 0 && labels.length === 0 ? 'jade' : 'amber'}>
            {t('receive.count', { arrived: arrived.length, all: count })}
          </Pill>
        ) : null}
        {missing.length > 0 ? (
          <div>
            <Pill tone="amber">{t('receive.missing', { n: missing.length })}</Pill>
            <Addresses of={missing} />
          </div>
        ) : null}
        {extra.length > 0 ? (
          <div>
            <Pill tone="amber">{t('receive.extra', { n: extra.length })}</Pill>
            <Addresses of={extra} />
          </div>
        ) : null}
        {labels.map(({ epc, field, label, record }) => (
          <div key={`${epc}${field}`}>
            <Pill tone="amber">{t(`receive.label.${field}`, { what: shortName(epc) })}</Pill>
            <span className="soft block text-sm">
              {t('receive.label.says', { label: shortName(label), record: shortName(record) })}
            </span>
          </div>
        ))}
        {missing.length + extra.length + labels.length > 0 ? (
          <p className="m-0 soft">{t('receive.becomesCase')}</p>
        ) : null}
      </div>
    </Card>
  );
}
