/** One recall at work: how far it is, what the ledger says, and its end: a withdrawal or a closing report. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { blockLots, publishNotice, releaseLots } from '@zhenmei/client/notices.ts';
import { type ProgressView, recallApi } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { NOTICE_TONE, stateOf } from '../desk/notice-state.ts';
import { useSeat } from '../desk/use-seat.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Details, Facts, Page, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { ReachTable } from '../look/reach.tsx';
import { date, type Key, say, t } from '../shell/words.ts';
import { deskApi, freshId, now } from '../state/apis.ts';
import { BothLanguages } from './desk-recall-new.tsx';

const route = getRouteApi('/desk/recalls/$id');

export function DeskRecallPage() {
  const { id } = route.useParams();
  const progress = useQuery({
    queryKey: ['recall-progress', id],
    queryFn: () => deskApi.call(recallApi.recallProgress, { params: { id } }),
    refetchInterval: 5_000,
  });
  if (progress.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (progress.error) return <Refusal error={progress.error} />;
  const view = progress.data;
  const { notice } = view.signed;
  const state = stateOf(view);
  return (
    <Page
      title={`${t(`recalls.kind.${notice.kind}` as Key)} · ${notice.lots.join(' · ') || notice.gtin}`}
      lead={say(notice.reason)}
    >
      <Card>
        <Pill tone={NOTICE_TONE[state]}>{t(`recalls.state.${state}`)}</Pill>
        <Facts
          rows={[
            [t('recall.by'), say(view.by)],
            [t('recall.when'), date(view.publishedAt, now(), true)],
            ...(notice.severity
              ? [[t('recall.severity'), t(`severity.${notice.severity}` as Key)] as const]
              : []),
            [t('recall.doNow'), say(notice.doNow)],
          ]}
        />
        <Details>
          {view.digest} · {view.signed.key} · {view.signed.signature}
        </Details>
      </Card>
      {notice.kind === 'recall' ? <Ledger view={view} /> : null}
      {notice.kind === 'recall' ? <Reached view={view} /> : null}
      {state === 'open' ? <Ends view={view} onDone={() => void progress.refetch()} /> : null}
      {view.closed ? <Report view={view} /> : null}
    </Page>
  );
}

function Reached({ view }: { view: ProgressView }) {
  const { sites, reach } = view;
  return (
    <Card title={t('recallView.progress')}>
      <p className="m-0 font-medium">
        {t('recallView.reached', {
          total: sites.length,
          seen: sites.filter(({ seenAt }) => seenAt).length,
          acknowledged: sites.filter(({ acknowledgedAt }) => acknowledgedAt).length,
        })}
      </p>
      <p className="m-0 soft">{t('recallNew.units', { ...reach })}</p>
      <ReachTable sites={sites} progress />
    </Card>
  );
}

function Ledger({ view }: { view: ProgressView }) {
  const seat = useSeat().data!;
  const { gtin, lots, serials } = view.signed.notice;
  const waiting = serials.length > 0 ? [] : lots.filter((lot) => !view.blockedLots.includes(lot));
  const block = useMutation({ mutationFn: () => blockLots(seat.desk, gtin, waiting) });
  const release = useMutation({ mutationFn: () => releaseLots(seat.desk, gtin, view.blockedLots) });
  return (
    <Card title={t('recallView.chain')}>
      {waiting.length === 0 && view.blockedLots.length > 0 ? (
        <Pill tone="jade">{t('recallView.blocked')}</Pill>
      ) : null}
      {waiting.length > 0 && !view.withdrawn ? (
        <>
          <Pill tone="amber">{t('recallView.waiting', { lots: waiting.join(' · ') })}</Pill>
          <Button busy={block.isPending} onClick={() => block.mutate()}>
            {t('recallView.block')}
          </Button>
          {block.error ? <Refusal error={block.error} /> : null}
        </>
      ) : null}
      {view.withdrawn && view.blockedLots.length === 0 ? (
        <Pill tone="jade">{t('recallView.released')}</Pill>
      ) : null}
      {view.withdrawn && view.blockedLots.length > 0 && seat.organisation.kind === 'regulator' ? (
        <Button busy={release.isPending} onClick={() => release.mutate()}>
          {t('recallView.release')}
        </Button>
      ) : null}
      {release.error ? <Refusal error={release.error} /> : null}
    </Card>
  );
}

function Ends({ view, onDone }: { view: ProgressView; onDone(): void }) {
  const seat = useSeat().data!;
  const { notice } = view.signed;
  const [reason, setReason] = useState({ zh: '', en: '' });
  const [asking, setAsking] = useState<'withdrawal' | 'closure' | null>(null);
  const end = useMutation({
    mutationFn: (kind: 'withdrawal' | 'closure') =>
      publishNotice(
        seat.desk,
        seat.organisation.gln,
        { kind, gtin: notice.gtin, lots: [], serials: [], reason, doNow: reason, about: notice.id },
        { now, newId: freshId },
      ),
    onSuccess: onDone,
  });
  const ready = reason.zh.trim() !== '' && reason.en.trim() !== '';
  return (
    <Card>
      <BothLanguages
        zh={t('recallView.whyZh')}
        en={t('recallView.whyEn')}
        value={reason}
        onChange={setReason}
      />
      <div className="flex gap-3 flex-wrap">
        {notice.kind === 'recall' ? (
          <Button disabled={!ready} busy={end.isPending} onClick={() => setAsking('closure')}>
            {t('recallView.close')}
          </Button>
        ) : null}
        <Button kind="danger" disabled={!ready} busy={end.isPending} onClick={() => setAsking('withdrawal')}>
          {t('recallView.withdraw')}
        </Button>
      </div>
      {end.error ? <Refusal error={end.error} /> : null}
      <Ask
        open={asking !== null}
        onOpenChange={(open) => {
          if (!open) setAsking(null);
        }}
        danger={asking === 'withdrawal'}
        title={t(asking === 'closure' ? 'recallView.closeTitle' : 'recallView.withdrawTitle')}
        text={t(asking === 'closure' ? 'recallView.closeText' : 'recallView.withdrawText')}
        yes={t(asking === 'closure' ? 'recallView.closeYes' : 'recallView.withdrawYes')}
        onYes={() => end.mutate(asking!)}
      />
    </Card>
  );
}

/** What the recall came to, to be printed. */
function Report({ view }: { view: ProgressView }) {
  const { closed, sites, reach } = view;
  const sum = (pick: (site: ProgressView['sites'][number]) => number) =>
    sites.reduce((total, site) => total + pick(site), 0);
  return (
    <Card title={t('recallView.report')}>
      <Facts
        rows={[
          [t('recall.when'), date(closed!.notice.issuedAt, now(), true)],
          [t('verify.why'), say(closed!.notice.reason)],
          [t('verdict.lot'), view.signed.notice.lots.join(' · ')],
          [t('site.held'), sum(({ held }) => held)],
          [t('site.used'), sum(({ used }) => used)],
          [t('site.coming'), sum(({ coming }) => coming)],
          [t('site.acknowledged'), sum(({ locked }) => locked ?? 0)],
          [t('recallNew.reach'), t('recallNew.units', { ...reach })],
        ]}
      />
      <button type="button" className="btn no-print self-start" onClick={() => window.print()}>
        {t('recallView.print')}
      </button>
    </Card>
  );
}
