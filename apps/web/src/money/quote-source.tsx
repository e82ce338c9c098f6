/** Where a quote's prices come from, and what differs with the clinic's reason. */
import type { Quote } from '@zhenmei/care/core/quote.ts';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export function QuoteSource({ quote }: { quote: Quote }) {
  const nameOf = (zh: string) => quote.items.find(({ name }) => name.zh === zh)?.name ?? { zh, en: zh };
  return (
    <>
      <p className="m-0 soft">
        {quote.list
          ? t('prices.source', { n: quote.list.version, from: date(quote.list.validFrom, now()) })
          : t('prices.noList')}
      </p>
      {quote.differs?.map((one) => (
        <p key={one.item} className="m-0 font-medium">
          {t('prices.differs', { item: say(nameOf(one.item)), reason: say(one.reason) })}
        </p>
      ))}
    </>
  );
}
