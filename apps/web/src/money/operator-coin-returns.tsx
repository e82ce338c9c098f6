/** Signed returns of coins that their network does not take: why, and the way home. */
import type { MoneyDesk } from '@zhenmei/money/operator-api.ts';
import type { z } from 'zod';
import { Card, Details, Pill } from '../look/parts.tsx';
import { fullMoment, t } from '../shell/words.ts';

type Returns = z.infer<typeof MoneyDesk>['coinReturns'];

export function OperatorCoinReturns({ returns }: { returns: Returns }) {
  if (returns.length === 0) return null;
  return (
    <Card title={t('op.coin.title')}>
      <p className="m-0 soft">{t('op.coin.lead', { command: 'zhenmei money return' })}</p>
      <ul className="list-none p-0 m-0 flex flex-col">
        {returns.map((one) => (
          <li key={one.hash} className="border-t border-line first:border-0 py-2 flex flex-col gap-1">
            <span className="flex flex-wrap justify-between gap-x-4">
              <span>{t(`op.coin.${one.trouble}`)}</span>
              <Pill tone={one.state === 'refused' ? 'cinnabar' : 'amber'}>
                {one.state === 'refused'
                  ? t('op.coin.over')
                  : t('op.coin.next', { at: fullMoment(one.nextAt) })}
              </Pill>
            </span>
            <span className="soft text-sm">
              {t('card.dispute.order', { order: one.order })} ·{' '}
              {t('coin.network.number', { n: String(one.chainId) })}
            </span>
            <Details>{one.hash}</Details>
          </li>
        ))}
      </ul>
    </Card>
  );
}
