/** What independent verifiers found about a clinic, or that nobody looked; the same words for everybody. */
import { useQuery } from '@tanstack/react-query';
import { type PublicCheck, verificationApi } from '@zhenmei/money/verification-api.ts';
import type { z } from 'zod';
import { Loaded } from '../look/loaded.tsx';
import { Card, Pill, type Tone } from '../look/parts.tsx';
import { date, type Key, t } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';

export type Check = z.infer<typeof PublicCheck>;

const TONES: Record<Check['state'], Tone> = {
  none: 'slate',
  running: 'slate',
  open: 'amber',
  standing: 'jade',
  rejected: 'cinnabar',
  revoked: 'cinnabar',
  over: 'slate',
};
const sources = (list: Check['sources']) =>
  list.map((one) => t(`check.source.${one}`)).join(t('check.comma'));

export function CheckWords({ check }: { check: Check }) {
  const { state, checkedOn, verifiers, challengeUntil, until, failed, accepted } = check;
  const day = (at: string | null) => (at ? date(at, now()) : '');
  const pill = state === 'open' && accepted === false ? 'openFailed' : state;
  const words = t(`check.public.${state}`, {
    when: day(checkedOn),
    n: verifiers,
    until: day(state === 'open' ? challengeUntil : until),
  });
  const found = state === 'open' || state === 'standing' || state === 'rejected';
  return (
    <>
      <div>
        <Pill tone={pill === 'openFailed' ? 'cinnabar' : TONES[state]}>{t(`check.pill.${pill}` as Key)}</Pill>
      </div>
      <p className="m-0">{words}</p>
      {found ? (
        <p className="m-0 soft text-sm">{t('check.public.against', { sources: sources(check.sources) })}</p>
      ) : null}
      {found && failed.length > 0 ? (
        <p className="m-0 text-cinnabar">{t('check.public.failed', { sources: sources(failed) })}</p>
      ) : null}
      {check.challenged && found ? <p className="m-0 soft text-sm">{t('check.public.contested')}</p> : null}
    </>
  );
}

export function PublicCheckCard({ id }: { id: string }) {
  const check = useQuery({
    queryKey: ['clinic-check', id],
    queryFn: () => patientApi.call(verificationApi.readCheck, { params: { id } }),
  });
  return (
    <Card title={t('check.name')}>
      <Loaded query={check}>{(found) => <CheckWords check={found} />}</Loaded>
    </Card>
  );
}
