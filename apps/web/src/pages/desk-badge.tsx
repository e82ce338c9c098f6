/** A doctor's badge: a licence in one QR code, signed anew every minute, checked by anybody without a network. */
import { useQuery } from '@tanstack/react-query';
import { BADGE, packBadge } from '@zhenmei/identity/core/badge.ts';
import { presentSdJwt, readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { toSeconds } from '@zhenmei/kernel/core/time.ts';
import { lazy, Suspense, useState } from 'react';
import { useSeat } from '../desk/use-seat.ts';
import { Choice } from '../look/choice.tsx';
import { Card, Page, Refusal, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { shown } from '../state/claims.ts';

const Qr = lazy(() => import('../look/qr.tsx'));
/** Never the number: whoever photographs the badge learns what the profile says anyway. */
const SHOWN = ['name', 'leadSpecialties', 'practisesAt'];

export function DeskBadgePage() {
  const clinic = useSeat().data?.clinic;
  const doctors = Object.entries(clinic?.doctorLicences ?? {}).map(([id, token]) => ({
    value: id,
    token,
    label: shown(readSdJwt(token).claims.name),
  }));
  const [id, setId] = useState<string | null>(null);
  const chosen = doctors.find(({ value }) => value === id) ?? doctors[0];
  const badge = useQuery({
    queryKey: ['badge', chosen?.value],
    queryFn: async () => {
      const binding = { audience: BADGE.audience, nonce: BADGE.nonce, at: toSeconds(now()) };
      return packBadge(await presentSdJwt(chosen!.token, SHOWN, binding, clinic!.desk.device.sign));
    },
    enabled: chosen !== undefined,
    refetchInterval: 60_000,
  });
  return (
    <Page title={t('badge.title')} lead={t('badge.lead')}>
      {chosen ? (
        <Choice legend={t('badge.doctor')} value={chosen.value} onChange={setId} options={doctors} />
      ) : (
        <p className="soft m-0">{t('badge.none')}</p>
      )}
      {badge.error ? <Refusal error={badge.error} /> : null}
      {badge.data && chosen ? (
        <Card title={chosen.label}>
          <Suspense fallback={<Waiting what={t('loading')} />}>
            <Qr text={badge.data} label={t('badge.of', { name: chosen.label })} />
          </Suspense>
          <p className="soft m-0">{t('badge.minutes')}</p>
          <details className="text-sm">
            <summary className="soft cursor-pointer min-h-11 py-2.5">{t('badge.text')}</summary>
            <code className="text-xs break-all" data-testid="badge">
              {badge.data}
            </code>
          </details>
        </Card>
      ) : null}
    </Page>
  );
}
