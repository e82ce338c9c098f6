/** What a person earned in studies, where that money is, and where she wants it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { namePayees, waitingMoney } from '@zhenmei/client/vault/pool.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { Earnings, MyStudy } from '@zhenmei/vault/api.ts';
import { Button } from '../look/button.tsx';
import { Card, Facts, Pill, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { STUDIES } from '../state/pool.ts';

const pays = ({ plan }: MyStudy) => plan.payment.minor !== '0';
const isNone = (minor: string) => minor === '0';
const isUnnamed = ({ mine }: MyStudy) => !mine.pay.named;

/** Sums over all studies, and one act: where to. */
export function Earned({
  vault,
  studies,
  earnings,
}: {
  vault: Vault;
  studies: readonly MyStudy[];
  earnings: Earnings;
}) {
  const queries = useQueryClient();
  const own = studies.filter((study) => pays(study) && study.mine.state !== 'none');
  const unnamed = own.filter(isUnnamed);
  const name = useMutation({
    mutationFn: () =>
      namePayees(
        vault,
        unnamed.map(({ plan }) => plan.id),
      ),
    onSuccess: () => toast(t('earn.named')),
    onSettled: () => queries.invalidateQueries({ queryKey: STUDIES }),
  });
  if (!studies.some(pays)) return null;
  const waits = waitingMoney(own);
  const [asks, tonight] = [waits.unnamed.toString(), waits.named.toString()];
  return (
    <Card title={t('earn.title')}>
      <p className="m-0 amount" data-pool-earned>
        {yuan(earnings.earned)}
      </p>
      {own.length === 0 ? (
        <p className="m-0 soft">{t('earn.none')}</p>
      ) : (
        <Facts
          rows={[
            [t('earn.paid'), yuan(earnings.paid)],
            ...(isNone(earnings.onWay) ? [] : [[t('earn.onWay'), yuan(earnings.onWay)] as const]),
            [t('earn.waiting'), yuan(earnings.waiting)],
          ]}
        />
      )}
      {isNone(asks) ? null : <Pill tone="amber">{t('earn.asks', { amount: yuan(asks) })}</Pill>}
      {isNone(tonight) ? null : <p className="m-0">{t('earn.tonight', { amount: yuan(tonight) })}</p>}
      {unnamed.length > 0 ? (
        <>
          <p className="m-0 soft text-sm">{t('earn.means')}</p>
          <Button kind={isNone(asks) ? 'quiet' : 'main'} busy={name.isPending} onClick={() => name.mutate()}>
            {t('earn.name')}
          </Button>
        </>
      ) : null}
      {own.length > 0 && unnamed.length === 0 ? (
        <p className="m-0 soft text-sm">{t('earn.named.means')}</p>
      ) : null}
      {name.error ? <Refusal error={name.error} /> : null}
    </Card>
  );
}

/** One study: promised, earned, paid and when, waiting. */
export function StudyMoney({ study: { plan, mine } }: { study: MyStudy }) {
  if (isNone(plan.payment.minor)) return null;
  const { pay } = mine;
  const paid =
    pay.paidAt === null
      ? yuan(pay.paid)
      : t('earn.paid.at', { amount: yuan(pay.paid), when: date(pay.paidAt, now()) });
  return (
    <section className="flex flex-col gap-2" data-study-money>
      <h3 className="m-0 text-base font-semibold">{t('earn.study')}</h3>
      <Facts
        rows={[
          [t('earn.each'), yuan(plan.payment.minor)],
          [t('earn.earned'), yuan(pay.earned)],
          [t('earn.paid'), paid],
          ...(isNone(pay.onWay) ? [] : [[t('earn.onWay'), yuan(pay.onWay)] as const]),
          [t('earn.waiting'), yuan(pay.waiting)],
        ]}
      />
      {pay.pending > 0 ? <p className="m-0 soft text-sm">{t('earn.pending', { n: pay.pending })}</p> : null}
      {pay.unpaid > 0 ? <p className="m-0 soft text-sm">{t('earn.unpaid', { n: pay.unpaid })}</p> : null}
    </section>
  );
}
