/** An admission as everybody reads it who may: the verifier, the authority, the operator. */
import type { Purse } from '@zhenmei/client/verifier.ts';
import { Pill, type Tone } from '../look/parts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

type Admission = Purse['admission'];

const TONES: Record<Admission['state'], Tone> = {
  none: 'slate',
  asked: 'amber',
  refused: 'cinnabar',
  admitted: 'jade',
  suspended: 'cinnabar',
  ended: 'slate',
};

export function AdmissionPill({ state }: { state: Admission['state'] }) {
  return (
    <div>
      <Pill tone={TONES[state]}>{t(`verifier.state.${state}`)}</Pill>
    </div>
  );
}

/** Its days, and why it was refused or suspended. */
export function admissionFacts({
  state,
  at,
  until,
  reason,
}: Pick<Admission, 'state' | 'at' | 'until' | 'reason'>): readonly (readonly [string, string])[] {
  return [
    ...(state === 'admitted' && until ? [[t('verifier.until'), date(until, now())] as const] : []),
    ...(at
      ? [[t(state === 'asked' ? 'verifier.asked.at' : 'verifier.said.at'), date(at, now())] as const]
      : []),
    ...(reason ? [[t('verifier.reason'), reason] as const] : []),
  ];
}
