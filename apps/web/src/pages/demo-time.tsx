/** The demo can move time; a real house cannot, and shows nothing here. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { demoApi, houseApi } from '@zhenmei/server/api/contract.ts';
import { Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { patientApi, syncClock } from '../state/apis.ts';

export function DemoTime({
  to,
  label = t('visit.demoTime'),
  onDone,
}: {
  to: string;
  label?: string;
  onDone(): void;
}) {
  const config = useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });
  const go = useMutation({
    mutationFn: async () => {
      await patientApi.call(demoApi.advanceTime, { body: { to } });
      await syncClock();
    },
    onSettled: onDone,
  });
  if (!config.data?.demoTime) return null;
  return (
    <>
      <button type="button" className="btn" disabled={go.isPending} onClick={() => go.mutate()}>
        {label}
      </button>
      {go.error ? <Refusal error={go.error} /> : null}
    </>
  );
}
