/** A clinic says whether its patients may pay by card; where its region has no such way, there is nothing to say. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { railsApi } from '@zhenmei/money/rails-api.ts';
import { Toggle } from '../look/choice.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

export function WaysToBePaid() {
  const found = useQuery({
    queryKey: ['clinic-rails'],
    retry: false,
    queryFn: () => deskApi.call(railsApi.readClinicRails),
  });
  const set = useMutation({
    mutationFn: (card: boolean) => deskApi.call(railsApi.setClinicRails, { body: { card } }),
    onSettled: () => void found.refetch(),
  });
  if (found.error) return <Refusal error={found.error} />;
  if (!found.data?.may.includes('card')) return null;
  return (
    <Card title={t('card.clinic.title')}>
      <p className="m-0 soft">{t('card.clinic.lead')}</p>
      <Toggle
        label={t('card.clinic.toggle')}
        on={set.isPending ? set.variables : found.data.taken.includes('card')}
        onChange={(on) => set.mutate(on)}
      />
      <p className="m-0 soft">{t('card.clinic.means')}</p>
      {set.error ? <Refusal error={set.error} /> : null}
    </Card>
  );
}
