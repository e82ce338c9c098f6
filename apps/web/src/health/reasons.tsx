/** Why the gate stops or asks: each reason with who said so, and when. */
import type { GateNote } from '@zhenmei/client/gate-notes.ts';
import { type HealthReason, healthReasonText } from '@zhenmei/vault/core/health/gate.ts';
import { Pill } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

type Reason = GateNote['reasons'][number];

const blocks = (reason: Reason): boolean =>
  reason.about === 'condition'
    ? reason.code === 'CONTRAINDICATED'
    : reason.about === 'allergy' && reason.reason.code === 'ALLERGIC';

export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  return (
    <ul className="list-none m-0 p-0 flex flex-col gap-2">
      {reasons.map((reason) => (
        <li key={JSON.stringify(reason)}>
          <Pill tone={blocks(reason) ? 'cinnabar' : 'amber'}>
            {say(healthReasonText(reason as HealthReason))}
          </Pill>
          <span className="soft text-sm block">{sourceOf(reason)}</span>
        </li>
      ))}
    </ul>
  );
}

function sourceOf(reason: Reason): string {
  if (reason.about === 'treatment' || !reason.source) return '';
  const { by, name, on } = reason.source;
  const who = name ? t(`health.by.${by}.named`, { name }) : t(`health.by.${by}`);
  return t('health.source', { who, when: date(`${on}T12:00:00Z`, now()) });
}
