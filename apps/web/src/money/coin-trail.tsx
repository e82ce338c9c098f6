/** Each transfer that reached an agreement's address, how much of it counts, and why the rest goes home. */
import { addressInGroups } from '@zhenmei/client/coin-frame.ts';
import { coinText } from '@zhenmei/money/core/coin-amounts.ts';
import { fullMoment, t } from '../shell/words.ts';
import type { Deposit } from './use-deposit.ts';

/** Of a coin that nobody knows here, the decimals are not known either, so no number is shown. */
export const amountIn = (deposit: Deposit, token: string, amount: bigint): string =>
  token === deposit.token ? `${coinText(amount, deposit.digits)} ${deposit.symbol}` : t('coin.other');

export function Arrivals({ deposit }: { deposit: Deposit }) {
  if (deposit.arrivals.length === 0) return null;
  return (
    <section className="flex flex-col gap-2" aria-label={t('coin.trail')}>
      <h2 className="font-semibold text-base m-0">{t('coin.trail')}</h2>
      <ul className="list-none p-0 m-0 flex flex-col">
        {deposit.arrivals.map((one, i) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: in the order of the ledger
            key={i}
            className="border-t border-line first:border-0 py-2 flex flex-col"
          >
            <strong>{amountIn(deposit, one.token, BigInt(one.counted) + BigInt(one.home))}</strong>
            {one.reason ? (
              <span>{t(`coin.why.${one.reason}`, { coin: deposit.symbol })}</span>
            ) : (
              <span className="soft">
                {t('coin.counted', {
                  amount: coinText(BigInt(one.counted), deposit.digits),
                  coin: deposit.symbol,
                })}
              </span>
            )}
            <span className="soft text-sm">
              {fullMoment(one.at)} · {t('coin.from', { from: addressInGroups(one.from) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
