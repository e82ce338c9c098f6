/** Beside every decision from the table of contraindications: its edition, who has confirmed it, and what it follows. */
import { TABLE } from '@zhenmei/vault/core/health/contraindications.ts';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

const day = (on: string) => date(`${on}T12:00:00Z`, now());

export function TableNote() {
  const { edition, since, reviewedBy, sources } = TABLE;
  return (
    <div className="text-sm flex flex-col gap-1" data-table-note>
      <p className="m-0 soft">{t('table.edition', { n: edition, when: day(since) })}</p>
      <p className="m-0" style={reviewedBy ? undefined : { color: 'var(--amber)' }}>
        {reviewedBy
          ? t('table.reviewed', { who: say(reviewedBy.name), when: day(reviewedBy.on) })
          : t('table.unreviewed')}
      </p>
      <details>
        <summary className="soft cursor-pointer min-h-11 py-2.5">{t('table.sources')}</summary>
        <ul className="m-0 pl-5 soft flex flex-col gap-1">
          {sources.map((source) => (
            <li key={source.en}>{say(source)}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}
