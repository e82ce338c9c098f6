/** Which change order a booking is made for, read with the secret of the visit it belongs to. */
import { useQuery } from '@tanstack/react-query';
import { priceApi } from '@zhenmei/care/price-api.ts';
import { readVisit } from '@zhenmei/client/patient.ts';
import { bearerOf } from '@zhenmei/client/patient-steps.ts';
import { Pill } from '../look/parts.tsx';
import { say, t, yuan } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';
import { io, patientVisit } from '../state/vault.ts';

interface Asked {
  readonly change?: string | undefined;
  readonly of?: string | undefined;
}

/** Null where nothing is asked for, or this device does not know the visit. */
export function useBookedChange({ change, of }: Asked, open: boolean) {
  const visit = of && open ? patientVisit(of) : null;
  return (
    useQuery({
      queryKey: ['booked-change', change, visit !== null],
      enabled: Boolean(change && visit),
      queryFn: async () => {
        const bearer = bearerOf(visit!);
        const { changes } = await patientApi.call(priceApi.readChanges, {
          params: { id: visit!.id },
          bearer,
        });
        const { serviceId } = await readVisit(io, visit!);
        const order = changes.find(({ id, state }) => id === change && state === 'proposed');
        return order ? { ...order, serviceId } : null;
      },
    }).data ?? null
  );
}

export function BookedChange({ order }: { order: NonNullable<ReturnType<typeof useBookedChange>> }) {
  const total = order.items.reduce((sum, i) => sum + BigInt(i.unitPrice) * BigInt(i.quantity), 0n);
  const items = order.items.map(({ name }) => say(name)).join(' · ');
  return (
    <Pill tone="amber">{t('change.booking', { items, total: yuan(total.toString(), order.currency) })}</Pill>
  );
}
