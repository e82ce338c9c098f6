import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { readVisit } from '@zhenmei/client/patient.ts';
import type { VisitNote } from '@zhenmei/client/vault/visits.ts';
import { DAY } from '@zhenmei/kernel/core/time.ts';
import { AccountCard, useVault } from '../look/account.tsx';
import { Empty, Page, Pill } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { io, patientVisit } from '../state/vault.ts';

export function VisitsPage() {
  const open = useVault();
  return (
    <Page title={t('visits.title')}>
      {open ? null : <AccountCard />}
      {open && open.visits.length === 0 ? (
        <Empty text={t('visits.empty')} to="/" action={t('visits.find')} />
      ) : null}
      <ul className="list-none p-0 m-0 flex flex-col gap-3">
        {open?.visits.toReversed().map((visit) => (
          <li key={visit.id}>
            <Link to="/visits/$id" params={{ id: visit.id }} className="card block no-underline text-ink">
              <span className="font-semibold">{say(visit.service)}</span>
              <span className="soft block">
                {say(visit.clinic)} · {date(visit.at, now(), true)}
              </span>
              <Warned visit={visit} />
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** A licence that an appointment to come counts on fell away; what may be done stands on the visit. */
function Warned({ visit }: { visit: VisitNote }) {
  const view = useQuery({
    queryKey: ['visit', visit.id],
    queryFn: () => readVisit(io, patientVisit(visit.id)!),
    enabled: Date.parse(visit.at) > now() - DAY,
    refetchInterval: 20_000,
  });
  const who = view.data?.warning?.who;
  if (!who) return null;
  return (
    <span role="status" className="block mt-2">
      <Pill tone="cinnabar">{t(`visit.warning.${who}`)}</Pill>
      <span className="soft block">{t('visit.warning.look')}</span>
    </span>
  );
}
