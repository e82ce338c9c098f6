/** What is recorded about a device: its counters, and the result of an inspection. */
import { INSPECTION_KINDS, type InspectionKind } from '@zhenmei/care/core/device.ts';
import type { DeviceView } from '@zhenmei/care/device-api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { recordInspection, recordReading } from '@zhenmei/client/stock.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice, Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Pill, Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { useAct } from './use-act.ts';

export function ReadingForm({
  clinic,
  device,
  person,
}: {
  clinic: Clinic;
  device: DeviceView;
  person: string;
}) {
  const { act, error, busy } = useAct();
  const counters = [device, ...device.parts];
  const [unit, setUnit] = useState(device.unit);
  const [value, setValue] = useState('');
  const chosen = counters.find((one) => one.unit === unit) ?? device;
  return (
    <div className="flex flex-col gap-3 no-print">
      <Select
        label={t('device.parts')}
        value={chosen.unit}
        onChange={setUnit}
        options={counters.map((one) => ({
          value: one.unit,
          label: `${say(one.name)} · ${one.serial} · ${one.shots}`,
        }))}
      />
      <Field
        label={t('device.readingOf')}
        inputMode="numeric"
        maxLength={9}
        value={value}
        onValueChange={(text) => setValue(text.replace(/\D/g, ''))}
      />
      <Button
        kind="main"
        busy={busy}
        disabled={value === '' || person === ''}
        onClick={() =>
          void act(() => recordReading(clinic, { unit: chosen.unit, value: Number(value), person }))
        }
      >
        {t('device.reading')}
      </Button>
      {error ? <Refusal error={error} /> : null}
    </div>
  );
}

const today = (): string => new Date(now()).toISOString().slice(0, 10);

/** Made at this moment if it is of today, otherwise in the middle of its day. */
const momentOf = (day: string): string =>
  day === today() ? new Date(now()).toISOString() : `${day}T12:00:00.000Z`;

export function InspectionForm({ clinic, device }: { clinic: Clinic; device: DeviceView }) {
  const { act, error, busy } = useAct();
  const [kind, setKind] = useState<InspectionKind>('calibration');
  const [passed, setPassed] = useState<'yes' | 'no'>('yes');
  const [form, setForm] = useState({ certificate: '', inspector: '', performed: today(), until: '' });
  const [done, setDone] = useState(false);
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onValueChange: (text: string) => setForm({ ...form, [name]: text }),
  });
  const complete =
    form.certificate.trim() !== '' &&
    form.inspector.trim() !== '' &&
    form.performed !== '' &&
    (kind !== 'calibration' || form.until !== '');
  const send = async () => {
    const recorded = await act(() =>
      recordInspection(clinic.desk, {
        clinicId: clinic.desk.organisationId,
        unit: device.unit,
        kind,
        performedAt: momentOf(form.performed),
        validUntil: form.until === '' ? null : `${form.until}T23:59:59.000Z`,
        passed: passed === 'yes',
        certificate: form.certificate.trim(),
        inspector: form.inspector.trim(),
      }),
    );
    setDone(recorded);
  };
  return (
    <div className="flex flex-col gap-3 no-print">
      <Select<InspectionKind>
        label={t('device.kindLabel')}
        value={kind}
        onChange={setKind}
        options={INSPECTION_KINDS.map((one) => ({ value: one, label: t(`device.kind.${one}`) }))}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t('toxin.at')} type="date" max={today()} {...field('performed')} />
        <Field label={t('device.validFor')} type="date" {...field('until')} />
        <Field label={t('device.certificate')} maxLength={80} {...field('certificate')} />
        <Field label={t('device.inspector')} maxLength={60} {...field('inspector')} />
      </div>
      <Choice<'yes' | 'no'>
        legend={<span className="sr-only">{t('device.inspect')}</span>}
        value={passed}
        onChange={setPassed}
        options={[
          { value: 'yes', label: t('device.passed') },
          { value: 'no', label: t('device.failed') },
        ]}
      />
      <Button kind="main" busy={busy} disabled={!complete} onClick={() => void send()}>
        {t('device.record')}
      </Button>
      {done ? (
        <p role="status" className="m-0">
          <Pill tone="jade">{t('stock.done')}</Pill>
        </p>
      ) : null}
      {error ? <Refusal error={error} /> : null}
    </div>
  );
}
