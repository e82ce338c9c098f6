/** A device as a patient may know it: its number, when it was last serviced, whether it is calibrated. */
import { useQuery } from '@tanstack/react-query';
import { type DeviceCard as Card, deviceApi } from '@zhenmei/care/device-api.ts';
import { Facts, Pill } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';

export function DeviceFacts({ device }: { device: Card }) {
  return (
    <Facts
      rows={[
        [t('device.class'), t(`device.class.${device.deviceClass}`)],
        [t('device.serial'), device.serial],
        [
          t('device.lastService'),
          device.lastServiceAt ? date(device.lastServiceAt, now()) : t('device.never'),
        ],
        [t('device.calibrated'), <Calibration key="calibration" device={device} />],
      ]}
    />
  );
}

function Calibration({ device }: { device: Card }) {
  if (!device.calibratedUntil) return <Pill tone="cinnabar">{t('device.never')}</Pill>;
  const until = date(device.calibratedUntil, now());
  return device.calibrationValid ? (
    <Pill tone="jade">{until}</Pill>
  ) : (
    <Pill tone="cinnabar">{t('device.overdue', { until })}</Pill>
  );
}

/** @param unit Digital Link of the device */
export function DeviceCard({ unit }: { unit: string }) {
  const card = useQuery({
    queryKey: ['device', unit],
    queryFn: () => patientApi.call(deviceApi.deviceCard, { query: { unit } }),
  });
  if (!card.data) return null;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-base font-semibold m-0">{t('device.card', { name: say(card.data.name) })}</h3>
      <DeviceFacts device={card.data} />
    </div>
  );
}
