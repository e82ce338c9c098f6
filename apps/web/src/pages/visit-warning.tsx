/** A licence that this visit counts on fell away: what happened, and what may be chosen now. */

import { Link } from '@tanstack/react-router';
import type { VisitView } from '@zhenmei/care/api.ts';
import { Card, Pill } from '../look/parts.tsx';
import { type Key, say, t } from '../shell/words.ts';

export function WarningCard({ view }: { view: VisitView }) {
  const { warning } = view;
  if (!warning) return null;
  return (
    <Card tone="cinnabar">
      <div role="alert" className="flex flex-col gap-2">
        <Pill tone="cinnabar">{t(`visit.warning.${warning.who}`)}</Pill>
        <p className="m-0">{say(warning.reason)}</p>
        <p className="m-0">{t('visit.warning.lead')}</p>
        <ul className="m-0 pl-5">
          {warning.choices.map((choice) => (
            <li key={choice}>{t(`visit.warning.${choice}` as Key)}</li>
          ))}
        </ul>
      </div>
      <Link to="/clinics/$id" params={{ id: view.clinic.id }} className="btn">
        {say(view.clinic.name)}
      </Link>
    </Card>
  );
}
