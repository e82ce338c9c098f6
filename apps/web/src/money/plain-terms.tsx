/** The terms in plain words, from the terms themselves; the numbers that a machine needs are behind the proof line. */
import { type PlainTerms, parseTerms, renderTerms } from '@zhenmei/money/core/plain-terms.ts';
import { Details } from '../look/parts.tsx';
import { language, t } from '../shell/words.ts';

export function PlainTermsList({ terms }: { terms: unknown }) {
  if (!terms) return null;
  const said = renderTerms(terms as PlainTerms, language());
  // what cannot be read back to the same terms is not shown as if it were them
  if (!parseTerms(said, language())) return null;
  return (
    <section className="flex flex-col gap-2" aria-label={t('terms.title')}>
      <h2 className="font-semibold text-base m-0">{t('terms.title')}</h2>
      <ol className="m-0 pl-6 list-decimal flex flex-col gap-2">
        {said.summary.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
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
