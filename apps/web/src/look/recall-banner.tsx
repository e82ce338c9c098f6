/** A recall that concerns this person is said on every page until it is read, and then still on its own. */
import { Link, useLocation } from '@tanstack/react-router';
import { say, t } from '../shell/words.ts';
import { useRecalls } from '../state/recall-store.ts';
import { Pill } from './parts.tsx';

export function RecallBanner() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const state = useRecalls();
  // the page of a recall says it itself
  const touched = state.touched.filter(({ signed }) => !path.endsWith(signed.notice.id));
  const { trouble } = state;
  const [first] = touched;
  if (!first)
    return trouble === 'false' ? (
      <p role="alert" className="card mb-4 mt-0">
        <Pill tone="amber">{t('recall.false')}</Pill>
      </p>
    ) : null;
  return (
    <section
      role="alert"
      className="card mb-4 flex flex-col gap-2"
      style={{ borderColor: 'var(--cinnabar)' }}
    >
      <p className="m-0 text-lg font-semibold">
        <Pill tone="cinnabar">{t('recall.banner')}</Pill>
      </p>
      <p className="m-0">{say(first.signed.notice.reason)}</p>
      {touched.length > 1 ? (
        <p className="m-0 soft">{t('recall.bannerMore', { count: touched.length })}</p>
      ) : null}
      <div className="flex gap-3 flex-wrap">
        {touched.map(({ signed }) => (
          <Link
            key={signed.notice.id}
            to="/recalls/$id"
            params={{ id: signed.notice.id }}
            className="btn btn-danger"
          >
            {t('recall.look')}
          </Link>
        ))}
      </div>
    </section>
  );
}
