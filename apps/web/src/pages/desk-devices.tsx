/** A clinic's energy devices: whether each may be used now, what is fitted, counted and inspected. */
import { useQuery } from '@tanstack/react-query';
import { DEVICE_CLASSES, type DeviceClass } from '@zhenmei/care/core/device.ts';
import { type DeviceView, deviceApi } from '@zhenmei/care/device-api.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { fitPart, registerDevice } from '@zhenmei/client/stock.ts';
import { useState } from 'react';
import { DeviceFacts } from '../desk/device-card.tsx';
import { InspectionForm, ReadingForm } from '../desk/device-forms.tsx';
import { Person, usePerson } from '../desk/person.tsx';
import { useAct } from '../desk/use-act.ts';
import { useSeat } from '../desk/use-seat.ts';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Card, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function DevicesPage() {
  const clinic = useSeat().data?.clinic;
  return (
    <Page title={t('device.title')} lead={t('device.lead')}>
      {clinic ? <All clinic={clinic} /> : null}
    </Page>
  );
}

function All({ clinic }: { clinic: Clinic }) {
  const [person, setPerson] = usePerson();
  const devices = useQuery({ queryKey: ['devices'], queryFn: () => deskApi.call(deviceApi.devices) });
  if (devices.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (devices.error) return <Refusal error={devices.error} />;
  const { devices: all, spareParts } = devices.data;
  return (
    <>
      <div className="no-print">
        <Person value={person} onChange={setPerson} />
      </div>
      {all.length === 0 ? <p className="m-0 soft">{t('device.empty')}</p> : null}
      {all.map((device) => (
        <Device key={device.unit} clinic={clinic} device={device} spare={spareParts} person={person} />
      ))}
      <Register clinic={clinic} person={person} />
    </>
  );
}

type Part = DeviceView['parts'][number];

const partLine = (part: Part): string =>
  `${say(part.name)} · ${part.serial} · ${
    part.shotLimit === null
      ? String(part.shots)
      : t('device.limit', { shots: part.shots, limit: part.shotLimit })
  }`;

function Device({
  clinic,
  device,
  spare,
  person,
}: {
  clinic: Clinic;
  device: DeviceView;
  spare: readonly Part[];
  person: string;
}) {
  const { act, error, busy } = useAct();
  const [open, setOpen] = useState<'reading' | 'inspection' | null>(null);
  const named = person.trim();
  const fit = (part: string, on: boolean) =>
    void act(() => fitPart(clinic, { console: device.unit, part, on, person: named }));
  const toggle = (which: 'reading' | 'inspection') => setOpen(open === which ? null : which);
  return (
    <Card title={`${say(device.name)} · ${device.serial}`} tone={device.fit ? 'jade' : 'cinnabar'}>
      {device.fit ? (
        <Pill tone="jade">{t('device.fit')}</Pill>
      ) : (
        <div role="note">
          <Pill tone="cinnabar">{t('device.unfit')}</Pill>
          {device.reasons.map(({ rule, reason, next }) => (
            <p key={rule} className="m-0">
              {say(reason)} <span className="font-medium">{say(next)}</span>
            </p>
          ))}
        </div>
      )}
      <DeviceFacts device={device} />
      <p className="m-0">
        {t('device.total')} <span className="font-semibold">{device.shots}</span>
      </p>
      <h3 className="text-base font-semibold m-0">{t('device.parts')}</h3>
      {device.parts.length === 0 ? <p className="m-0 soft">{t('device.noParts')}</p> : null}
      <ul className="list-none p-0 m-0 flex flex-col">
        {[
          ...device.parts.map((part) => ({ part, on: true })),
          ...spare.map((part) => ({ part, on: false })),
        ].map(({ part, on }) => (
          <li
            key={part.unit}
            className={`py-2 flex flex-wrap justify-between items-center gap-3 ${on ? '' : 'no-print'}`}
          >
            <span className="min-w-0 flex-1 basis-52 break-words">
              {on ? partLine(part) : t('device.spare', { part: partLine(part) })}
            </span>
            <Button
              className="btn-small no-print"
              busy={busy}
              disabled={named === ''}
              onClick={() => fit(part.unit, !on)}
            >
              {t(on ? 'device.takeOff' : 'device.fitPart')}
            </Button>
          </li>
        ))}
      </ul>
      {error ? <Refusal error={error} /> : null}
      <div className="flex flex-wrap gap-3 no-print">
        <Button aria-expanded={open === 'reading'} onClick={() => toggle('reading')}>
          {t('device.reading')}
        </Button>
        <Button aria-expanded={open === 'inspection'} onClick={() => toggle('inspection')}>
          {t('device.inspect')}
        </Button>
      </div>
      {open === 'reading' ? <ReadingForm clinic={clinic} device={device} person={named} /> : null}
      {open === 'inspection' ? <InspectionForm clinic={clinic} device={device} /> : null}
      <Inspections device={device} />
    </Card>
  );
}

function Inspections({ device }: { device: DeviceView }) {
  return (
    <>
      <h3 className="text-base font-semibold m-0">{t('device.inspected')}</h3>
      {device.inspections.length === 0 ? <p className="m-0 soft">{t('device.never')}</p> : null}
      <ul className="list-none p-0 m-0 flex flex-col gap-2">
        {device.inspections.map((one) => (
          <li key={one.event}>
            <Pill tone={one.passed ? 'jade' : 'cinnabar'}>
              {t(`device.kind.${one.kind}`)} · {t(one.passed ? 'device.passed' : 'device.failed')}
            </Pill>{' '}
            <span className="soft">{date(one.performedAt, now())}</span>
            <span className="soft block text-sm break-words">
              {one.certificate} · {one.inspector}
              {one.signedBy ? ` · ${t('device.signedBy', { by: say(one.signedBy) })}` : ''}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Only what may be counted in pieces or shots is a device; syringes are not offered. */
const DEVICE_UNITS = ['unit', 'pulse'];

function Register({ clinic, person }: { clinic: Clinic; person: string }) {
  const { act, error, busy } = useAct();
  const [unit, setUnit] = useState('');
  const [kind, setKind] = useState<DeviceClass | 'part'>('radiofrequency');
  const stock = useQuery({
    queryKey: ['stock', 'for-devices'],
    queryFn: () => deskApi.call(stockApi.stock, { query: { state: 'in-stock', limit: 500 } }),
  });
  const units = (stock.data?.units ?? []).filter(
    (one) => DEVICE_UNITS.includes(one.amountUnit) && !one.singleUse,
  );
  if (units.length === 0) return null;
  const chosen = units.find((one) => one.unit === unit) ?? units[0]!;
  const deviceClass = kind === 'part' ? null : kind;
  return (
    <Card title={t('device.register')}>
      <Select
        label={t('device.registerUnit')}
        value={chosen.unit}
        onChange={setUnit}
        options={units.map((one) => ({ value: one.unit, label: `${say(one.product)} · ${one.serial}` }))}
      />
      <Select<DeviceClass | 'part'>
        label={t('device.class')}
        value={kind}
        onChange={setKind}
        options={[
          ...DEVICE_CLASSES.map((one) => ({ value: one, label: t(`device.class.${one}`) })),
          { value: 'part', label: t('device.asPart') },
        ]}
      />
      <Button
        kind="main"
        busy={busy}
        disabled={person.trim() === ''}
        onClick={() =>
          void act(() => registerDevice(clinic, { unit: chosen.unit, deviceClass, person: person.trim() }))
        }
      >
        {t('device.register')}
      </Button>
      {error ? <Refusal error={error} /> : null}
    </Card>
  );
}
