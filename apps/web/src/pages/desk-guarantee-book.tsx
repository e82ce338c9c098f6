/** The guarantee desk: whether there is enough, claims that wait for a decision, and every promise. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { decideClaim } from '@zhenmei/client/guarantee.ts';
import type { Finding } from '@zhenmei/money/core/guarantee-math.ts';
import { type DeskCover, guaranteeApi } from '@zhenmei/money/guarantee-api.ts';
import { useState } from 'react';
import { CoverCard, ExperienceCard } from '../desk/cover-rows.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Facts, Page, Pill, Refusal } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';

export function DeskGuaranteeBookPage() {
  const book = useQuery({
    queryKey: ['guarantee-book'],
    refetchInterval: 2_000,
    queryFn: () => deskApi.call(guaranteeApi.readBook),
  });
  return (
    <Page title={t('guarantee.book')} lead={t('guarantee.book.lead')}>
      <Loaded query={book} lines={4}>
        {({ covers, solvency: s, experience }) => {
          const waiting = covers.filter(({ state }) => state === 'claimed');
          const rest = covers.filter(({ state }) => state !== 'claimed');
          return (
            <>
              <Card title={t('guarantee.solvency')}>
                <Pill tone={s.enough ? 'jade' : 'cinnabar'}>
                  {t(s.enough ? 'guarantee.solvency.enough' : 'guarantee.solvency.short')}
                </Pill>
                <Facts
                  rows={[
                    [t('guarantee.solvency.bonds'), yuan(s.bonds)],
                    [t('guarantee.bond.locked'), yuan(s.locked)],
                    [t('guarantee.solvency.exposure'), yuan(s.exposure)],
                    [t('guarantee.solvency.claimed'), yuan(s.claimed)],
                    [t('guarantee.experience.paid'), yuan(s.paid)],
                  ]}
                />
              </Card>
              <h2 className="text-lg font-semibold m-0">{t('guarantee.claims')}</h2>
              {waiting.length === 0 ? <p className="m-0 soft">{t('guarantee.claims.none')}</p> : null}
              {waiting.map((cover) => (
                <CoverCard key={cover.id} cover={cover} named>
                  {cover.decider === 'panel' ? (
                    <p className="m-0 soft">
                      {t('claimcase.waiting', { until: date(cover.deadline!, now()) })}
                    </p>
                  ) : (
                    <Decide cover={cover} onDone={() => void book.refetch()} />
                  )}
                </CoverCard>
              ))}
              <ExperienceCard experience={experience} />
              {rest.length > 0 ? <h2 className="text-lg font-semibold m-0">{t('guarantee.all')}</h2> : null}
              <div className="grid gap-4 md:grid-cols-2">
                {rest.map((cover) => (
                  <CoverCard key={cover.id} cover={cover} named />
                ))}
              </div>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

const FINDINGS = ['0', '1', '2', '3'] as const;

function Decide({ cover, onDone }: { cover: DeskCover; onDone(): void }) {
  const { desk } = useSupply();
  const [finding, setFinding] = useState<(typeof FINDINGS)[number] | null>(null);
  const [asking, setAsking] = useState(false);
  const send = useMutation({
    mutationFn: () => decideClaim(desk, cover, Number(finding) as Finding),
    onSettled: onDone,
  });
  return (
    <>
      <Choice<(typeof FINDINGS)[number]>
        legend={t('guarantee.decide')}
        value={finding}
        onChange={setFinding}
        options={FINDINGS.map((value) => ({ value, label: t(`guarantee.decide.${value}`) }))}
      />
      <Button kind="main" disabled={!finding} busy={send.isPending} onClick={() => setAsking(true)}>
        {t('guarantee.decide.send')}
      </Button>
      <Ask
        open={asking}
        onOpenChange={setAsking}
        title={finding ? t(`guarantee.decide.${finding}`) : t('guarantee.decide')}
        text={t('guarantee.decide.ask')}
        yes={t('guarantee.decide.send')}
        onYes={() => send.mutate()}
      />
      {send.error ? <Refusal error={send.error} /> : null}
    </>
  );
}
