/** The terms in plain words, from the terms themselves; the numbers that a machine needs are behind the proof line. */
import { parseTerms, renderTerms } from '@zhenmei/money/core/plain-terms.ts';
import { Details, Refusal } from '../look/parts.tsx';
import { language, t } from '../shell/words.ts';
import { useCoin, useConfig, usePriced, useUnknownAmounts } from './use-coin.ts';

export function PlainTermsList({ terms }: { terms: unknown }) {
  const config = useConfig();
  const coin = useCoin(terms);
  const priced = usePriced(terms);
  const unknown = useUnknownAmounts(terms);
  if (unknown) return <Refusal error={unknown} />;
  if (!priced || !config.data) return null;
  const { absences } = config.data;
  const currency = coin?.currency ?? 'CNY';
  const said = renderTerms(priced, language(), { absences, currency });
  // what cannot be read back to the same terms is not shown as if it were them
  if (!parseTerms(said, language(), currency)) return null;
  return (
    <section className="flex flex-col gap-2" aria-label={t('terms.title')}>
      <h2 className="font-semibold text-base m-0">{t('terms.title')}</h2>
      <ol className="m-0 pl-6 list-decimal flex flex-col gap-2">
        {said.summary.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      {coin ? <p className="m-0">{t('coin.terms', { coin: coin.symbol })}</p> : null}
      <Details>
        {said.numbers.map((line) => (
          <p key={line} className="m-0">
            {line}
          </p>
        ))}
      </Details>
    </section>
  );
}
