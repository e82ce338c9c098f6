/** Recalls that concern this site: lock the stock, then say how much was locked. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { recallApi } from '@zhenmei/provenance/api.ts';
import { type FormEvent, useState } from 'react';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Pill, Refusal } from '../look/parts.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function DeskSiteNoticesPage() {
  const notices = useQuery({
    queryKey: ['site-notices'],
    queryFn: () => deskApi.call(recallApi.siteNotices),
    select: ({ notices }) => notices,
    refetchInterval: 20_000,
  });
  return (
    <Page title={t('desk.siteNotices')} lead={t('siteNotices.lead')}>
      <Loaded query={notices} lines={3} empty={t('siteNotices.empty')}>
        {(all) =>
          all.map((view) => {
            const { notice } = view.signed;
            return (
              <Card
                key={notice.id}
                title={<Pill tone="cinnabar">{notice.lots.join(' · ')}</Pill>}
                {...(view.acknowledgedAt ? {} : { tone: 'cinnabar' as const })}
              >
                <p className="m-0">{say(notice.reason)}</p>
                <p className="m-0 font-medium">{say(notice.doNow)}</p>
                <Facts
                  rows={[
                    [t('recall.by'), say(view.by)],
                    [t('recall.when'), date(view.publishedAt, now(), true)],
                    [t('recall.severity'), t(`severity.${notice.severity}` as Key)],
                  ]}
                />
                <p className="m-0">{t('siteNotices.here', { ...view.here, name: '', kind: '', gln: '' })}</p>
                {view.acknowledgedAt ? (
                  <Pill tone="jade">{t('siteNotices.done', { locked: view.locked ?? 0 })}</Pill>
                ) : (
                  <Acknowledge id={notice.id} held={view.here.held} onDone={() => void notices.refetch()} />
                )}
              </Card>
            );
          })
        }
      </Loaded>
    </Page>
  );
}

function Acknowledge({ id, held, onDone }: { id: string; held: number; onDone(): void }) {
  const [locked, setLocked] = useState(String(held));
  const send = useMutation({
    mutationFn: () =>
      deskApi.call(recallApi.acknowledgeNotice, { params: { id }, body: { locked: Number(locked) } }),
    onSuccess: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field
        label={t('siteNotices.locked')}
        inputMode="numeric"
        pattern="\d{1,6}"
        required
        value={locked}
        onValueChange={setLocked}
      />
      <button type="submit" className="btn btn-main self-start" disabled={send.isPending}>
        {t('siteNotices.confirm')}
      </button>
      {send.error ? <Refusal error={send.error} /> : null}
    </form>
  );
}
