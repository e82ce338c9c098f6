/** An insurer's desk: its bond, what clinics ask for, what it insures, what was claimed and paid. */
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { declinePolicy, signPolicy } from '@zhenmei/client/backing.ts';
import { backingApi } from '@zhenmei/money/backing-api.ts';
import { bordereauCsv } from '@zhenmei/money/core/bordereau.ts';
import type { DeskCover } from '@zhenmei/money/guarantee-api.ts';
import { useState } from 'react';
import { WhyOff } from '../desk/behind.tsx';
import { BondCard } from '../desk/bond-card.tsx';
import { BackerFacts, Behind, CoverCard } from '../desk/cover-rows.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { minorOf } from '../dispute/settle.tsx';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Page, Refusal, Verdict } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { calendarDay, date, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

const PAGE = 100;
/** The most that one answer has. */
const MOST = 500;

export function DeskInsurerPage() {
  const [from, setFrom] = useState(0);
  const desk = useQuery({
    queryKey: ['insurer-desk', from],
    refetchInterval: 2_000,
    placeholderData: keepPreviousData,
    queryFn: () => deskApi.call(backingApi.readInsurer, { query: { limit: PAGE, offset: from } }),
  });
  const refresh = () => void desk.refetch();
  return (
    <Page title={t('insurer.desk')} lead={t('insurer.desk.lead')}>
      <Loaded query={desk} lines={4}>
        {(d) => (
          <>
            {d.licensed && d.profile.state === 'on' ? null : (
              <Verdict tone="amber" word={t('insurer.off')} sentence={t('insurer.off.next')}>
                <WhyOff of={d.profile} />
              </Verdict>
            )}
            <BondCard
              bond={d.bond}
              units={d.units}
              order={d.order}
              mayAdd={d.licensed}
              orderBond={(amount) => deskApi.call(backingApi.orderInsurerBond, { body: { amount } })}
              onDone={refresh}
            />
            <h2 className="text-lg font-semibold m-0">{t('insurer.requests')}</h2>
            {d.requests.length === 0 ? <p className="m-0 soft">{t('insurer.requests.none')}</p> : null}
            {d.requests.map((cover) => (
              <CoverCard key={cover.id} cover={cover} named backed={false}>
                <Answer cover={cover} maySign={d.licensed} onDone={refresh} />
              </CoverCard>
            ))}
            <Behind title={t('insurer.covers')} none={t('insurer.covers.none')} covers={d.covers}>
              <Download />
            </Behind>
            <Pages from={from} shown={d.covers.length} total={d.total} onTurn={setFrom} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface PagesProps {
  readonly from: number;
  readonly shown: number;
  readonly total: number;
  onTurn(from: number): void;
}

function Pages({ from, shown, total, onTurn }: PagesProps) {
  if (from === 0 && shown >= total) return null;
  return (
    <nav className="flex flex-wrap gap-3 items-center no-print" aria-label={t('insurer.covers')}>
      <span className="soft">{t('insurer.page', { from: from + 1, to: from + shown, total })}</span>
      <Button disabled={from === 0} onClick={() => onTurn(Math.max(0, from - PAGE))}>
        {t('insurer.newer')}
      </Button>
      <Button disabled={from + shown >= total} onClick={() => onTurn(from + PAGE)}>
        {t('insurer.older')}
      </Button>
    </nav>
  );
}

/** All of them, by their numbers: one that is signed meanwhile moves the pages, and is in the list once. */
async function allCovers(): Promise<DeskCover[]> {
  const found = new Map<string, DeskCover>();
  for (let offset = 0; ; offset += MOST) {
    const { covers } = await deskApi.call(backingApi.readInsurer, { query: { limit: MOST, offset } });
    for (const cover of covers) found.set(cover.id, cover);
    if (covers.length < MOST) return [...found.values()];
  }
}

function Download() {
  const save = useMutation({
    mutationFn: async () =>
      saveFile(
        `bordereau-${calendarDay(now())}.csv`,
        bordereauCsv(await allCovers()),
        'text/csv;charset=utf-8',
      ),
  });
  return (
    <div className="flex flex-col gap-2 items-start no-print">
      <Button busy={save.isPending} onClick={() => save.mutate()}>
        {t('insurer.csv')}
      </Button>
      <p className="m-0 soft text-sm">{t('insurer.csv.text')}</p>
      {save.error ? <Refusal error={save.error} /> : null}
    </div>
  );
}

function Answer({ cover, maySign, onDone }: { cover: DeskCover; maySign: boolean; onDone(): void }) {
  const { desk } = useSupply();
  const [text, setText] = useState('');
  const [asking, setAsking] = useState(false);
  const premium = minorOf(text);
  const sign = useMutation({ mutationFn: () => signPolicy(desk, cover, premium!), onSettled: onDone });
  const decline = useMutation({ mutationFn: () => declinePolicy(desk, cover), onSettled: onDone });
  const error = sign.error ?? decline.error;
  return (
    <>
      <BackerFacts cover={cover} />
      <p className="m-0 soft">
        {t('insurer.openBy')} {date(new Date(cover.cover.openBy * 1000).toISOString(), now())}
      </p>
      <Field
        label={t('insurer.premium')}
        hint={t('insurer.premium.hint')}
        inputMode="decimal"
        value={text}
        onValueChange={setText}
        {...(text !== '' && premium === null ? { error: t('insurer.premium.wrong') } : {})}
      />
      <div className="flex flex-wrap gap-3">
        <Button
          kind="main"
          busy={sign.isPending}
          disabled={premium === null || !maySign}
          onClick={() => setAsking(true)}
        >
          {t('insurer.sign')}
        </Button>
        <Button busy={decline.isPending} onClick={() => decline.mutate()}>
          {t('insurer.decline')}
        </Button>
      </div>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={t('insurer.sign')}
        text={t('insurer.sign.ask', { backed: yuan(cover.backing.backed) })}
        yes={t('insurer.sign')}
        onYes={() => sign.mutate()}
      />
      {error ? <Refusal error={error} /> : null}
    </>
  );
}
