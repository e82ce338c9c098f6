/** An insurer's desk: its bond, what clinics ask for, what it insures, what was claimed and paid. */
import { useMutation, useQuery } from '@tanstack/react-query';
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

export function DeskInsurerPage() {
  const desk = useQuery({
    queryKey: ['insurer-desk'],
    refetchInterval: 2_000,
    queryFn: () => deskApi.call(backingApi.readInsurer),
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
              <Download covers={d.covers} />
            </Behind>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Download({ covers }: { covers: readonly DeskCover[] }) {
  const save = () =>
    saveFile(`bordereau-${calendarDay(now())}.csv`, bordereauCsv(covers), 'text/csv;charset=utf-8');
  return (
    <div className="flex flex-col gap-2 items-start no-print">
      <Button onClick={save}>{t('insurer.csv')}</Button>
      <p className="m-0 soft text-sm">{t('insurer.csv.text')}</p>
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
