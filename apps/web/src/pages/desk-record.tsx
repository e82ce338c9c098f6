/** The record of a treatment, and the energy device it was done with where the procedure needs one. */
import { useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import { deviceApi } from '@zhenmei/care/device-api.ts';
import { openedIn, type Written } from '@zhenmei/client/records/written-record.ts';
import { useState } from 'react';
import { amountsOf, asProposed, ZoneAmounts } from '../desk/zone-amounts.tsx';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Pill, Refusal, Waiting } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

export interface DeviceUse {
  readonly device: string;
  readonly shots: number;
}

export function RecordForm({
  view,
  onDone,
  busy,
}: {
  view: VisitView;
  onDone(written: Written, device: DeviceUse | undefined): void;
  busy: boolean;
}) {
  const { amount, amountUnit } = openedIn(view);
  const [note, setNote] = useState('');
  const [typed, setTyped] = useState(() => asProposed(view.service.procedure.zones, amount, amountUnit));
  const [device, setDevice] = useState<string | null>(null);
  const [shots, setShots] = useState('');
  const { deviceClass } = view.service.procedure;
  const use = deviceClass ? { device: device ?? '', shots: Number(shots) } : undefined;
  const zones = amountsOf(typed, amount, amountUnit);
  const complete = !use || (use.device !== '' && Number.isInteger(use.shots) && use.shots > 0);
  return (
    <>
      <h2 className="text-lg font-semibold m-0">{t('desk.record')}</h2>
      <p className="m-0 soft">{say(view.service.procedure.name)}</p>
      {deviceClass ? (
        <Devices
          deviceClass={deviceClass}
          value={device}
          onChange={setDevice}
          shots={shots}
          onShots={setShots}
        />
      ) : null}
      <ZoneAmounts typed={typed} opened={amount} unit={amountUnit} onChange={setTyped} />
      <Field label={t('desk.note')} lines={3} maxLength={2000} value={note} onValueChange={setNote} />
      <Button
        kind="main"
        busy={busy}
        disabled={!complete || !zones}
        onClick={() => zones && onDone({ note, zones }, use)}
      >
        {t('desk.perform')}
      </Button>
    </>
  );
}

function Devices({
  deviceClass,
  value,
  onChange,
  shots,
  onShots,
}: {
  deviceClass: string;
  value: string | null;
  onChange(unit: string): void;
  shots: string;
  onShots(text: string): void;
}) {
  const devices = useQuery({
    queryKey: ['devices'],
    queryFn: () => deskApi.call(deviceApi.devices),
  });
  if (devices.isPending) return <Waiting what={t('loading')} />;
  if (devices.error) return <Refusal error={devices.error} />;
  const all = devices.data.devices.filter((one) => one.deviceClass === deviceClass);
  return (
    <>
      <Choice
        legend={t('device.choose')}
        value={value}
        onChange={onChange}
        options={all.map((one) => ({
          value: one.unit,
          disabled: !one.fit,
          label: (
            <>
              {say(one.name)} · {one.serial}{' '}
              {one.fit ? (
                <Pill tone="jade">{t('device.fit')}</Pill>
              ) : (
                <span className="block">
                  <Pill tone="cinnabar">
                    {one.reasons[0] ? say(one.reasons[0].reason) : t('device.unfit')}
                  </Pill>
                  <span className="block soft text-sm">{one.reasons[0] ? say(one.reasons[0].next) : ''}</span>
                </span>
              )}
            </>
          ),
        }))}
      />
      <Field
        label={t('device.shots')}
        inputMode="numeric"
        maxLength={7}
        value={shots}
        onValueChange={(text) => onShots(text.replace(/\D/g, ''))}
      />
    </>
  );
}
