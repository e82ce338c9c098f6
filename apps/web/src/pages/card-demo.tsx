/** The page of the demo's acquirer. It looks like another house, takes test cards by name, and sends the payer back. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { demoCardApi } from '@zhenmei/server/api/demo-card.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Loaded } from '../look/loaded.tsx';
import { Card, Page, Pill, Refusal } from '../look/parts.tsx';
import { Switches } from '../shell/switches.tsx';
import { t, yuan } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';

const CARDS = ['plain', 'challenge', 'declined', 'late'] as const;
const ENDS = {
  authorised: ['jade', 'card.demo.authorised'],
  captured: ['jade', 'card.demo.captured'],
  declined: ['cinnabar', 'card.demo.declinedText'],
  voided: ['slate', 'card.demo.voided'],
} as const;

export function CardDemoPage() {
  const { number } = useParams({ strict: false }) as { number: string };
  const given = { params: { number } };
  const [card, setCard] = useState<(typeof CARDS)[number]>('plain');
  const found = useQuery({
    queryKey: ['card-demo', number],
    retry: false,
    queryFn: () => patientApi.call(demoCardApi.readCardPage, given),
  });
  const act = useMutation({
    mutationFn: (yes: boolean | null) =>
      yes === null
        ? patientApi.call(demoCardApi.presentCard, { ...given, body: { card } })
        : patientApi.call(demoCardApi.answerChallenge, { ...given, body: { yes } }),
    onSettled: () => found.refetch(),
  });
  return (
    <div className="max-w-xl mx-auto px-4 pt-3 pb-10">
      <Switches />
      <main>
        <Page title={t('card.demo.title')} lead={t('card.demo.lead')}>
          <Loaded query={found} lines={2}>
            {(p) => (
              <Card>
                <p className="m-0 amount">{yuan(p.amount)}</p>
                {p.state === 'open' ? (
                  <>
                    <Choice<(typeof CARDS)[number]>
                      legend={t('card.demo.choose')}
                      options={CARDS.map((value) => ({ value, label: t(`card.demo.${value}`) }))}
                      value={card}
                      onChange={setCard}
                    />
                    <Button kind="main" busy={act.isPending} onClick={() => act.mutate(null)}>
                      {t('card.demo.pay')}
                    </Button>
                  </>
                ) : p.state === 'challenge' ? (
                  <>
                    <p className="m-0 font-medium">{t('card.demo.ask')}</p>
                    <Button kind="main" busy={act.isPending} onClick={() => act.mutate(true)}>
                      {t('card.demo.yes')}
                    </Button>
                    <Button busy={act.isPending} onClick={() => act.mutate(false)}>
                      {t('card.demo.no')}
                    </Button>
                  </>
                ) : (
                  <>
                    <div role="status">
                      <Pill tone={ENDS[p.state][0]}>{t(ENDS[p.state][1])}</Pill>
                    </div>
                    <a className="btn btn-main" href={p.returnTo}>
                      {t('card.demo.back')}
                    </a>
                  </>
                )}
                {act.error ? <Refusal error={act.error} /> : null}
              </Card>
            )}
          </Loaded>
        </Page>
      </main>
    </div>
  );
}
