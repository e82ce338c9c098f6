/** Chargebacks, the most urgent first, and the answer to each while it is heard. */
import { useQuery } from '@tanstack/react-query';
import { type CardDisputes, railsApi } from '@zhenmei/money/rails-api.ts';
import { useState } from 'react';
import type { z } from 'zod';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal, type Tone } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import type { OperatorActs } from './operator-entries.tsx';

type Dispute = z.infer<typeof CardDisputes>['disputes'][number];
const TONES: Record<Dispute['state'], Tone> = {
  open: 'cinnabar',
  answered: 'amber',
  won: 'jade',
  lost: 'slate',
};

export function OperatorDisputes({ acts }: { acts: OperatorActs }) {
  const found = useQuery({
    queryKey: ['card-disputes', acts.bearer],
    retry: false,
    refetchInterval: 5_000,
    queryFn: () => deskApi.call(railsApi.readCardDisputes, { bearer: acts.bearer }),
  });
  if (found.error) return <Refusal error={found.error} />;
  if (!found.data || found.data.disputes.length === 0) return null;
  return (
    <Card title={t('card.disputes')}>
      <p className="m-0 soft">{t('card.disputes.lead')}</p>
      {found.data.disputes.map((one) => (
        <One key={one.id} dispute={one} acts={acts} />
      ))}
    </Card>
  );
}

function One({ dispute, acts }: { dispute: Dispute; acts: OperatorActs }) {
  const [answer, setAnswer] = useState('');
  // an answer that the acquirer did not hear is sent again as it was kept
  const text = dispute.answer ?? answer;
  const given = { bearer: acts.bearer, params: { id: dispute.id }, body: { answer: text } };
  return (
    <section className="flex flex-col gap-3 border-t border-line first-of-type:border-0 pt-3">
      <span className="flex flex-wrap justify-between gap-x-4">
        <strong>{yuan(dispute.amount)}</strong>
        <Pill tone={TONES[dispute.state]}>{t(`card.dispute.${dispute.state}`)}</Pill>
      </span>
      {dispute.order ? (
        <span className="soft">{t('card.dispute.order', { order: dispute.order })}</span>
      ) : null}
      {dispute.answer ? <p className="m-0">{dispute.answer}</p> : null}
      {dispute.state === 'open' ? (
        <>
          <span className="soft">
            {t('card.dispute.by', { until: date(dispute.respondBy, now(), true) })}
          </span>
          {dispute.answer ? null : (
            <Field
              label={t('card.dispute.answer')}
              hint={t('card.dispute.hint')}
              lines={3}
              value={answer}
              onValueChange={setAnswer}
            />
          )}
          <Button
            busy={acts.busy}
            disabled={text.trim().length < 5}
            onClick={() => acts.act(() => deskApi.call(railsApi.answerCardDispute, given))}
          >
            {t('card.dispute.do')}
          </Button>
        </>
      ) : null}
    </section>
  );
}
