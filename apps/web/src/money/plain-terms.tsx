/** The terms in plain words, from the terms themselves; the numbers that a machine needs are behind the proof line. */
import { useQuery } from '@tanstack/react-query';
import { type PlainTerms, parseTerms, renderTerms } from '@zhenmei/money/core/plain-terms.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { Details } from '../look/parts.tsx';
import { language, t } from '../shell/words.ts';
import { patientApi } from '../state/apis.ts';

export function PlainTermsList({ terms }: { terms: unknown }) {
  const config = useQuery({ queryKey: ['config'], queryFn: () => patientApi.call(houseApi.readConfig) });
  if (!terms || !config.data) return null;
  const { absences } = config.data;
  const said = renderTerms(terms as PlainTerms, language(), { absences });
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
