import { Link } from '@tanstack/react-router';
import { AccountCard, useVault } from '../look/account.tsx';
import { Empty, Page } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

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
            </Link>
          </li>
        ))}
      </ul>
    </Page>
  );
}
