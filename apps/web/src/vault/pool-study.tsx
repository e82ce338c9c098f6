/** One study: what it is, what would leave this device, and afterwards what left and what it earned. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { joinStudy, leaveStudy, wouldLeave } from '@zhenmei/client/vault/pool.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { MyStudy } from '@zhenmei/vault/api.ts';
import { noticeFor } from '@zhenmei/vault/core/consent/notices.ts';
import { type QuestionId, questionOf } from '@zhenmei/vault/core/pool/questions.ts';
import { openRelease } from '@zhenmei/vault/core/pool/study.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Card, Details, Pill, Refusal, type Tone, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, language, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { STUDIES } from '../state/pool.ts';
import { CONSENTS } from '../state/rights.ts';
import { linesOf } from './consent-words.ts';
import { StudyFacts } from './pool-facts.tsx';
import { StudyMoney } from './pool-money.tsx';
import { PoolNumbers } from './pool-numbers.tsx';

const TONE: Record<'none' | 'joined' | 'left' | 'over', Tone> = {
  none: 'plum',
  joined: 'jade',
  left: 'plum',
  over: 'plum',
};

interface Props {
  readonly vault: Vault;
  readonly study: MyStudy;
  /** She takes part, and the answer to her consent never came: she agrees again, or leaves. */
  readonly lost: boolean;
}

export function PoolStudy({ vault, study, lost }: Props) {
  const { plan, mine } = study;
  const again = mine.changed || lost;
  const open = openRelease(plan, now()) !== null;
  const state = mine.state === 'none' && !open ? 'over' : mine.state;
  const spent = (part: number) => Math.round((part / plan.epsilonTotal) * 100);
  const thousandths = (n: number) => String(n / 1_000);
  return (
    <Card title={say(plan.title)}>
      <p className="m-0 soft">{say(study.organisation.name)}</p>
      <Pill tone={TONE[state]}>{t(`pool.state.${state}`)}</Pill>
      <StudyFacts
        study={study}
        more={[
          [t('pool.budget'), <Budget key="budget" used={spent(mine.spent)} each={spent(plan.epsilon)} />],
        ]}
      />
      {study.fund === 'missing' && open ? (
        <Pill tone="amber">
          {t(mine.state === 'joined' ? 'pool.fund.missing.joined' : 'pool.fund.missing')}
        </Pill>
      ) : null}
      {study.fund === 'used' && open ? <Pill tone="amber">{t('pool.fund.used')}</Pill> : null}
      {mine.changed && open ? <Pill tone="amber">{t('pool.changed')}</Pill> : null}
      {lost && open ? <Pill tone="amber">{t('pool.lost')}</Pill> : null}
      {(state === 'none' || (again && open)) && (study.fund === 'none' || study.fund === 'ready') ? (
        <Offer vault={vault} study={study} again={again} />
      ) : null}
      {mine.state === 'none' ? null : <Sent vault={vault} study={study} />}
      {mine.state === 'none' ? null : <StudyMoney study={study} />}
      {mine.state === 'left' ? <p className="m-0">{t('pool.left.means')}</p> : null}
      {mine.receipt ? (
        <Leave
          vault={vault}
          receipt={mine.receipt}
          unpaid={plan.payment.minor === '0' ? 0 : mine.pay.pending}
        />
      ) : null}
      <PoolNumbers study={study} />
      <Details>
        {t('pool.proof', {
          id: plan.id,
          each: thousandths(plan.epsilon),
          all: thousandths(plan.epsilonTotal),
          spent: thousandths(mine.spent),
          k: plan.k,
        })}
      </Details>
    </Card>
  );
}

function Budget({ used, each }: { used: number; each: number }) {
  return (
    <>
      {t('pool.budget.used', { used, each })}
      {/* the words say it; the bar only shows it */}
      <span aria-hidden="true" className="block mt-1 h-1.5 rounded-full bg-line overflow-hidden">
        <span className="block h-full bg-plum" style={{ width: `${used}%` }} />
      </span>
    </>
  );
}

function useAct(vault: Vault) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ work }: { work: (vault: Vault) => Promise<void>; done: string }) => work(vault),
    onSuccess: (_, { done }) => toast(done),
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: STUDIES });
      await queries.invalidateQueries({ queryKey: CONSENTS });
    },
  });
}

function Offer({ vault, study, again }: Pick<Props, 'vault' | 'study'> & { readonly again: boolean }) {
  const [looking, setLooking] = useState(false);
  const act = useAct(vault);
  const { changed } = study.mine;
  const would = useQuery({
    queryKey: [...STUDIES, 'would', study.plan.id, vault.contents.items.length],
    queryFn: () => wouldLeave(vault, study.plan),
    enabled: looking,
  });
  if (!looking)
    return (
      <Button kind="main" onClick={() => setLooking(true)}>
        {t(changed ? 'pool.changed.look' : 'pool.look')}
      </Button>
    );
  if (would.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (would.error) return <Refusal error={would.error} />;
  const notice = noticeFor('HRESCH', now());
  return (
    <section className="flex flex-col gap-3">
      <h3 className="m-0 text-base font-semibold">{t('pool.would')}</h3>
      <p className="m-0 soft">{t('pool.would.lead')}</p>
      <ul className="m-0 ps-5 flex flex-col gap-2">
        {would.data.map(({ question, truth, chance }) => (
          <li key={question}>
            <span className="block font-medium">{say(questionOf(question).text)}</span>
            <span className="block">{t('pool.would.truth', { truth: choiceText(question, truth) })}</span>
            <span className="block soft">{t('pool.would.chance', { chance: Math.round(chance / 10) })}</span>
          </li>
        ))}
      </ul>
      <p className="m-0">{t('pool.would.where')}</p>
      {changed && notice.change ? <p className="m-0 font-medium">{say(notice.change)}</p> : null}
      {linesOf(notice).map((line) => (
        <p key={line} className="m-0 soft text-sm">
          {line}
        </p>
      ))}
      <div className="flex flex-wrap gap-3">
        <Button
          kind="main"
          busy={act.isPending}
          onClick={() =>
            act.mutate({
              work: (held) => joinStudy(held, study, language()),
              done: t(again ? 'agree.againDone' : 'pool.agreed'),
            })
          }
        >
          {t(again ? 'agree.again' : 'pool.agree')}
        </Button>
        <Button onClick={() => setLooking(false)}>{t('pool.agree.not')}</Button>
      </div>
      {act.error ? <Refusal error={act.error} /> : null}
    </section>
  );
}

const choiceText = (question: QuestionId, code: string) =>
  say(questionOf(question).choices.find((one) => one.code === code)!.text);

function Sent({ vault, study: { plan } }: { vault: Vault; study: MyStudy }) {
  const sent = vault.contents.pool[plan.id]?.sent ?? [];
  return (
    <section className="flex flex-col gap-2">
      <h3 className="m-0 text-base font-semibold">{t('pool.sent')}</h3>
      {sent.length === 0 ? <p className="m-0 soft">{t('pool.sent.none')}</p> : null}
      {sent.map(({ release, answers, at }) => (
        <div key={release}>
          <p className="m-0 soft">{date(at, now(), true)}</p>
          {plan.questions.map((id) => {
            const said = questionOf(id).choices[answers[id] ?? -1];
            return said ? (
              <p key={id} className="m-0">
                {t('pool.sent.one', { question: say(questionOf(id).text), choice: say(said.text) })}
              </p>
            ) : null;
          })}
        </div>
      ))}
      <p className="m-0 soft text-sm">{t('pool.sent.same')}</p>
    </section>
  );
}

function Leave({ vault, receipt, unpaid }: { vault: Vault; receipt: string; unpaid: number }) {
  const act = useAct(vault);
  return (
    <>
      {unpaid > 0 ? <p className="m-0 soft text-sm">{t('pool.leave.unpaid', { n: unpaid })}</p> : null}
      <Button
        kind="danger"
        busy={act.isPending}
        onClick={() => act.mutate({ work: (held) => leaveStudy(held, receipt), done: t('pool.left') })}
      >
        {t('pool.leave')}
      </Button>
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}
