/** How far something long is, and the way to stop it. */
import { useRef, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export interface GoingOn {
  /** From 0 to 1. */
  readonly part: number;
  /** Begins anew; what it gives is called with what is done, and answers whether to go on. */
  start(): (done: number, of: number) => boolean;
  stop(): void;
}

export function useGoing(): GoingOn {
  const [part, setPart] = useState(0);
  const stopped = useRef(false);
  return {
    part,
    start() {
      stopped.current = false;
      setPart(0);
      return (done, of) => {
        setPart(of === 0 ? 1 : done / of);
        return !stopped.current;
      };
    },
    stop() {
      stopped.current = true;
    },
  };
}

export function Going({ what, going }: { what: string; going: GoingOn }) {
  const n = Math.floor(going.part * 100);
  return (
    <div className="flex flex-col gap-2">
      <Waiting what={what} />
      <progress className="w-full" max={100} value={n} aria-label={what} />
      <div className="flex items-center justify-between gap-3">
        <span className="soft">{t('bring.part', { n })}</span>
        <Button className="btn-small" onClick={going.stop}>
          {t('bring.stop')}
        </Button>
      </div>
    </div>
  );
}
