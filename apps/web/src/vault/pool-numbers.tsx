/** What a study published: an estimate for each choice, or why there is none. */
import type { Study } from '@zhenmei/vault/api.ts';
import { QUESTIONS, type QuestionId, questionOf } from '@zhenmei/vault/core/pool/questions.ts';
import { Facts } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

type Release = Study['published'][number];

export function PoolNumbers({ study }: { study: Study }) {
  return (
    <section className="flex flex-col gap-3">
      <h3 className="m-0 text-base font-semibold">{t('pool.published')}</h3>
      {study.published.length === 0 ? <p className="m-0 soft">{t('pool.published.none')}</p> : null}
      {study.published.map((release) => (
        <One key={release.release} release={release} />
      ))}
    </section>
  );
}

function One({ release }: { release: Release }) {
  const { numbers, people, repeats, at } = release;
  return (
    <div className="flex flex-col gap-2">
      <p className="m-0 font-medium">
        {t('pool.published.on', { when: date(at, now()) })}
        {people > 0 ? ` · ${t('pool.published.people', { n: people })}` : ''}
      </p>
      {repeats !== null ? <p className="m-0 soft">{t('pool.published.repeats')}</p> : null}
      {numbers === null ? <p className="m-0 soft">{t('pool.published.few')}</p> : null}
      {Object.entries(numbers ?? {}).map(([id, shares]) =>
        id in QUESTIONS ? <Shares key={id} id={id as QuestionId} shares={shares} /> : null,
      )}
      {Object.values(numbers ?? {}).some((shares) => shares !== null) ? (
        <p className="m-0 soft text-sm">{t('pool.published.noise')}</p>
      ) : null}
    </div>
  );
}

/** An estimate may lie beyond what can be; people are shown the nearest that can. */
const percent = (thousandths: number) => Math.round(Math.min(1_000, Math.max(0, thousandths)) / 10);

function Shares({
  id,
  shares,
}: {
  id: QuestionId;
  shares: readonly ({ share: number; error: number } | null)[] | null;
}) {
  const { text, choices } = questionOf(id);
  return (
    <div>
      <p className="m-0">{say(text)}</p>
      {shares === null ? (
        <p className="m-0 soft">{t('pool.published.hidden')}</p>
      ) : (
        <Facts
          rows={choices.map((choice, i) => {
            const one = shares[i];
            return [
              say(choice.text),
              one
                ? t('pool.published.share', { share: percent(one.share), error: Math.ceil(one.error / 10) })
                : t('pool.published.hidden'),
            ] as const;
          })}
        />
      )}
    </div>
  );
}
