/** Why the gate stops or asks: each reason with who said so, and when. */
import type { GateNote } from '@zhenmei/client/gate-notes.ts';
import {
  type HealthReason,
  healthReasonForDoctor,
  healthReasonText,
} from '@zhenmei/vault/core/health/gate.ts';
import { Pill } from '../look/parts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { TableNote } from './table-note.tsx';

type Reason = GateNote['reasons'][number];

const blocks = (reason: Reason): boolean =>
  reason.about === 'condition'
    ? reason.code === 'CONTRAINDICATED'
    : reason.about === 'allergy' && reason.reason.code === 'ALLERGIC';

/** @param desk for a doctor: what the patient told is hers, not the reader's */
export function Reasons({ reasons, desk = false }: { reasons: readonly Reason[]; desk?: boolean }) {
  return (
    <>
      <ul className="list-none m-0 p-0 flex flex-col gap-2">
        {reasons.map((reason) => (
          <li key={JSON.stringify(reason)}>
            <Pill tone={blocks(reason) ? 'cinnabar' : 'amber'}>
              {say((desk ? healthReasonForDoctor : healthReasonText)(reason as HealthReason))}
            </Pill>
            <span className="soft text-sm block">{sourceOf(reason, desk)}</span>
          </li>
        ))}
      </ul>
      <TableNote />
    </>
  );
}

function sourceOf(reason: Reason, desk: boolean): string {
  if (reason.about === 'treatment' || !reason.source) return '';
  const { by, name, on } = reason.source;
  const own = by === 'self' && desk;
  const who = own
    ? t('health.by.patient')
    : name
      ? t(`health.by.${by}.named`, { name })
      : t(`health.by.${by}`);
  return t('health.source', { who, when: date(`${on}T12:00:00Z`, now()) });
}
