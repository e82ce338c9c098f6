import type { VisitView } from '@zhenmei/care/api.ts';
import { Pill } from '../look/parts.tsx';
import { type Key, t } from '../shell/words.ts';

/** A visit's state as its clinic reads it, in one piece beside whatever stands there. */
export function VisitState({ state }: { state: VisitView['state'] }) {
  return (
    <Pill tone={state === 'closed' ? 'jade' : 'plum'}>
      <span className="whitespace-nowrap">
        {t(state === 'claimed' ? 'state.claimed.desk' : (`state.${state}` as Key))}
      </span>
    </Pill>
  );
}
