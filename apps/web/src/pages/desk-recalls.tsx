/** Recalls and warnings of a maker, or all of them for a regulator. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { recallApi } from '@zhenmei/provenance/api.ts';
import { NOTICE_TONE, stateOf } from '../desk/notice-state.ts';
import { Loaded } from '../look/loaded.tsx';
import { Page, Pill } from '../look/parts.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function DeskRecallsPage() {
  const notices = useQuery({
    queryKey: ['desk-recalls'],
    queryFn: () => deskApi.call(recallApi.listNotices),
    select: ({ notices }) => notices,
    refetchInterval: 10_000,
  });
  return (
    <Page title={t('desk.recalls')} lead={t('recalls.lead')}>
      <div className="flex gap-3 flex-wrap">
        <Link to="/desk/recalls/new" className="btn btn-main">
          {t('recalls.new')}
        </Link>
        <Link to="/desk/recalls/warn" className="btn">
          {t('recalls.warn')}
        </Link>
      </div>
      <Loaded query={notices} lines={3} empty={t('recalls.empty')}>
        {(all) => (
          <ul className="list-none p-0 m-0 flex flex-col gap-3">
            {all.map((view) => {
              const { notice } = view.signed;
              const state = stateOf(view);
              return (
                <li key={notice.id}>
                  <Link
                    to="/desk/recalls/$id"
                    params={{ id: notice.id }}
                    className="card flex justify-between gap-3 no-underline text-ink"
                  >
                    <span className="min-w-0">
                      <span className="font-semibold block">
                        {t(`recalls.kind.${notice.kind}` as Key)} · {notice.lots.join(' · ') || notice.gtin}
                      </span>
                      <span className="block">{say(notice.reason)}</span>
                      <span className="soft text-sm">
                        {say(view.by)} · {date(view.publishedAt, now(), true)}
                      </span>
                    </span>
                    <Pill tone={NOTICE_TONE[state]}>{t(`recalls.state.${state}`)}</Pill>
                  </Link>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}
