/** A desk objects to a result while it is open: grounds and a deposit; and where its objection stands. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { contestCheck, giveUnusedBack } from '@zhenmei/client/check.ts';
import type { Contest as Told } from '@zhenmei/client/contest.ts';
import type { Desk } from '@zhenmei/client/desk.ts';
import { contestApi } from '@zhenmei/money/contest-api.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { type ComponentProps, type FormEvent, useState } from 'react';
import { PayIn } from '../desk/pay-in.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { deskApi, now } from '../state/apis.ts';
import { ContestStatus } from './contest-status.tsx';
import { ContestTerms } from './contest-terms.tsx';

interface Props {
  readonly desk: Desk;
  /** On its account, in minor units. */
  readonly units: string;
  readonly order: ComponentProps<typeof PayIn>['order'];
  onDone(): void;
}

/** What this clinic may object to, and what it objected to. */
export function Contests(props: Props) {
  const { desk } = props;
  const list = useQuery({
    queryKey: ['contests', desk.organisationId],
    refetchInterval: 4_000,
    queryFn: () => deskApi.call(contestApi.readContests, { params: { id: desk.organisationId } }),
  });
  if (list.error) return <Refusal error={list.error} />;
  const contests = list.data?.contests ?? [];
  return (
    <>
      {contests.map((contest) =>
        contest.stage === 'open' ? (
          <Contest
            key={contest.id}
            {...props}
            contest={contest}
            onDone={() => [list.refetch(), props.onDone()]}
          />
        ) : contest.by === desk.account ? (
          <Card key={contest.id} title={t('contest.mine')}>
            <ContestStatus contest={contest} coming={null} />
          </Card>
        ) : null,
      )}
      {list.data && contests.every(({ stage }) => stage !== 'open') ? <Unused {...props} /> : null}
    </>
  );
}

/** Money on the account that no objection waits for: it can go back to where it came from. */
function Unused({ desk, units, onDone }: Props) {
  const act = useMutation({ mutationFn: () => giveUnusedBack(desk), onSettled: onDone });
  if (units === '0' && !act.isSuccess) return null;
  return (
    <Card title={t('contest.unused')}>
      {units === '0' ? (
        <p className="m-0" role="status">
          {t('contest.unused.done')}
        </p>
      ) : (
        <>
          <p className="m-0">{t('contest.unused.lead', { amount: yuan(units) })}</p>
          <Button busy={act.isPending} onClick={() => act.mutate()}>
            {t('contest.unused.take', { amount: yuan(units) })}
          </Button>
        </>
      )}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}

function Contest({ desk, contest, units, order, onDone }: Props & { readonly contest: Told }) {
  const [text, setText] = useState('');
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const missing = BigInt(contest.deposit) - BigInt(units);
  const waits = order?.state === 'expected' || order?.state === 'received';
  const amount = missing.toString();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate(() => contestCheck(desk, contest.id, text.trim()));
  };
  return (
    <Card title={t('contest.title')}>
      <p className="m-0">{t('contest.lead', { until: date(contest.until!, now(), true) })}</p>
      <ContestTerms contest={contest} />
      {missing > 0n ? <p className="m-0">{t('contest.need', { amount: yuan(amount) })}</p> : null}
      {missing > 0n && !waits ? (
        <Button
          busy={act.isPending}
          onClick={() =>
            act.mutate(() =>
              deskApi.call(verificationApi.orderCheckMoney, { body: { amount, contested: contest.id } }),
            )
          }
        >
          {t('check.fee.order')}
        </Button>
      ) : null}
      {missing > 0n ? <PayIn order={order} busy={act.isPending} run={act.mutate} /> : null}
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field
          label={t('contest.text')}
          hint={t('contest.text.hint')}
          lines={3}
          maxLength={1_000}
          value={text}
          onValueChange={setText}
        />
        <Button type="submit" busy={act.isPending} disabled={text.trim().length < 10 || missing > 0n}>
          {t('check.contest.submit')}
        </Button>
      </form>
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
