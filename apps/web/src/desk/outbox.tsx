/** Scans that wait for the network: delivered in order, again and again until nothing waits. */
import type { GoodsInView } from '@zhenmei/care/core/stock-views.ts';
import { ApiError } from '@zhenmei/client/api.ts';
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Pill } from '../look/parts.tsx';
import { isChinese, t } from '../shell/words.ts';
import { syncClock } from '../state/apis.ts';
import { deliver, dropScan, waitingScans } from '../state/outbox.ts';

const AGAIN_MS = 3_000;

interface Outbox {
  readonly waiting: number;
  /** A scan that the server will never take, and why. */
  readonly failed: { readonly key: IDBValidKey; readonly error: unknown } | null;
  drain(): Promise<void>;
  drop(): Promise<void>;
}

export function useOutbox(clinic: Clinic, onAnswer: (answers: readonly GoodsInView[]) => void): Outbox {
  const [waiting, setWaiting] = useState(0);
  const [failed, setFailed] = useState<Outbox['failed']>(null);
  const running = useRef<Promise<void> | null>(null);
  const { desk } = clinic;
  const drain = useCallback(async () => {
    const left = async () => {
      const all = await waitingScans(desk.organisationId);
      setWaiting(all.length);
      return all;
    };
    const run = async () => {
      await left();
      try {
        await deliver(desk, { onAnswer });
        setFailed(null);
      } catch (error) {
        const [first] = await left();
        if (first) setFailed({ key: first.key, error });
      }
      await left();
    };
    // one at a time, and once more for what came meanwhile
    const turn = (running.current ?? Promise.resolve()).then(run);
    running.current = turn;
    await turn;
  }, [desk, onAnswer]);
  useEffect(() => {
    void syncClock()
      .catch(() => undefined)
      .then(drain);
    const again = () => void drain();
    const timer = window.setInterval(again, AGAIN_MS);
    window.addEventListener('online', again);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', again);
    };
  }, [drain]);
  return {
    waiting,
    failed,
    drain,
    drop: async () => {
      if (failed) await dropScan(failed.key);
      setFailed(null);
      await drain();
    },
  };
}

export function OutboxState({ outbox }: { outbox: Outbox }) {
  const { waiting, failed } = outbox;
  if (failed) {
    const { error } = failed;
    const why = error instanceof ApiError ? (isChinese() ? error.texts.zh : error.texts.en) : '';
    return (
      <div role="alert" className="flex flex-col gap-2 items-start">
        <Pill tone="cinnabar">{t('goods.failed', { why })}</Pill>
        <Button onClick={() => void outbox.drop()}>{t('goods.drop')}</Button>
      </div>
    );
  }
  return waiting > 0 ? (
    <p role="status" className="m-0">
      <Pill tone="amber">{t('goods.waiting', { count: waiting })}</Pill>
    </p>
  ) : null;
}
