/** What this device knows of recalls, for whatever shows it. Small: the work itself is loaded after the first page. */
import type { Touched } from '@zhenmei/client/recalls.ts';
import { useSyncExternalStore } from 'react';

export interface RecallState {
  readonly touched: readonly Touched[];
  /** Milliseconds since the epoch of the last check; null before the first. */
  readonly checkedAt: number | null;
  /** The list could not be fetched, or did not agree with its signature. */
  readonly trouble: 'away' | 'false' | null;
  /** Visits that could not be read yet, so that nothing can be said of them. */
  readonly unread: number;
}

let state: RecallState = { touched: [], checkedAt: null, trouble: null, unread: 0 };
const watchers = new Set<() => void>();

export function setRecalls(next: RecallState): void {
  state = next;
  for (const watcher of watchers) watcher();
}

const subscribe = (watcher: () => void) => {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
};

export const recalls = (): RecallState => state;
export const useRecalls = (): RecallState => useSyncExternalStore(subscribe, recalls);
