/** A person's objections to a clinic's checks: grounds, deposit, and how each ended. Each is made with a key of its own. */
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  beginContest,
  type Contest,
  type OwnContestSeat,
  ownContests,
  readContests,
  sendContest,
  takeDepositBack,
} from '@zhenmei/client/contest.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { type FormEvent, useState } from 'react';
import { PayIn } from '../desk/pay-in.tsx';
import { AccountCard, useVault } from '../look/account.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { io } from '../state/vault.ts';
import { ContestStage, ContestStatus } from './contest-status.tsx';
import { ContestTerms } from './contest-terms.tsx';

/** Milliseconds between two looks while something of one's own is on its way. */
const LOOK = 3_000;
const LIVE: readonly Contest['stage'][] = ['open', 'drawing', 'comparing'];
const moving = ({ contest, own }: OwnContestSeat) => LIVE.includes(contest.stage) || own.credit !== '0';

export function PublicContests({ id }: { id: string }) {
  const vault = useVault();
  const queries = useQueryClient();
  const seen = useQuery({
    queryKey: ['contests', id, vault?.keyset.revision ?? null],
    // what is being written stays while the account opens
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.own.some(moving) ? LOOK : false),
    queryFn: async () => {
      const all = await readContests(io, id);
      const own = vault ? await ownContests(io, vault.roots, all) : [];
      return { own, open: all.find(({ stage }) => stage === 'open') ?? null };
    },
  });
  const again = () => {
    void seen.refetch();
    void queries.invalidateQueries({ queryKey: ['clinic-check', id] });
  };
  const begun = seen.data?.own.some(({ contest }) => contest.id === seen.data.open?.id);
  return (
    <>
      {seen.error ? <Refusal error={seen.error} /> : null}
      {seen.data?.own.map((one) => (
        <Mine key={one.contest.id} seat={one} vault={vault} onDone={again} />
      ))}
      {seen.data?.open && !begun ? <Begin contest={seen.data.open} vault={vault} onDone={again} /> : null}
    </>
  );
}

function Begin({ contest, vault, onDone }: { contest: Contest; vault: Vault | null; onDone(): void }) {
  const [writing, setWriting] = useState(false);
  const [text, setText] = useState('');
  const act = useMutation({
    mutationFn: () => beginContest(io, vault!.root, contest.id, text),
    onSettled: onDone,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <>
      <Card title={t('contest.title')}>
        <p className="m-0">{t('contest.lead', { until: date(contest.until!, now(), true) })}</p>
        <ContestTerms contest={contest} />
        {writing ? null : <Button onClick={() => setWriting(true)}>{t('contest.start')}</Button>}
        {writing && !vault ? <p className="m-0 soft">{t('contest.account')}</p> : null}
        {writing && vault ? (
          <form className="flex flex-col gap-3" onSubmit={submit}>
            <Field
              label={t('contest.text')}
              hint={t('contest.text.hint')}
              lines={4}
              maxLength={1_000}
              value={text}
              onValueChange={setText}
            />
            <Button type="submit" kind="main" busy={act.isPending} disabled={text.trim().length < 10}>
              {t('contest.order')}
            </Button>
          </form>
        ) : null}
        {act.error ? <Refusal error={act.error} /> : null}
      </Card>
      {writing && !vault ? <AccountCard /> : null}
    </>
  );
}

function Mine({ seat, vault, onDone }: { seat: OwnContestSeat; vault: Vault | null; onDone(): void }) {
  const { contest, key, own } = seat;
  const act = useMutation({ mutationFn: (work: () => Promise<unknown>) => work(), onSettled: onDone });
  const made = contest.by === key.address;
  const units = BigInt(own.units);
  const open = contest.stage === 'open';
  const ready = open && units >= BigInt(contest.deposit);
  return (
    <Card title={t('contest.mine')}>
      {made ? <ContestStatus contest={contest} coming={own.credit !== '0'} /> : null}
      {made ? null : <ContestStage stage={ready ? 'ready' : open ? 'open' : 'closed'} />}
      <p className="m-0 soft break-words">{own.text}</p>
      {open ? (
        <>
          <p className="m-0">{t('contest.pay', { until: date(contest.until!, now(), true) })}</p>
          <ContestTerms contest={contest} />
        </>
      ) : null}
      {open && !ready && own.order === null && vault ? (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => beginContest(io, vault.root, contest.id, own.text))}
        >
          {t('contest.order')}
        </Button>
      ) : null}
      {open && !ready ? <PayIn order={own.order} busy={act.isPending} run={act.mutate} /> : null}
      {ready ? (
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() => act.mutate(() => sendContest(io, key, contest.id, own.digest))}
        >
          {t('contest.send')}
        </Button>
      ) : null}
      {made || open ? null : <Unused seat={seat} act={act} />}
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}

interface Act {
  readonly isPending: boolean;
  mutate(work: () => Promise<unknown>): void;
}

/** The objection was not made, and the money is still hers. */
function Unused({ seat, act }: { seat: OwnContestSeat; act: Act }) {
  const { own } = seat;
  if (own.units === '0')
    return (
      <p className="m-0" role="status">
        {t(own.order?.state === 'minted' ? 'contest.taken' : 'contest.nothing')}
      </p>
    );
  return (
    <>
      <p className="m-0">{t('contest.take.lead')}</p>
      <Button kind="main" busy={act.isPending} onClick={() => act.mutate(() => takeDepositBack(io, seat))}>
        {t('contest.take', { amount: yuan(own.units) })}
      </Button>
    </>
  );
}
