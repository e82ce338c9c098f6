/** Says that nothing can be reached, and what still works. */
import { useSyncExternalStore } from 'react';
import { t } from '../shell/words.ts';
import { isReachable, watchReach } from '../state/reach.ts';

export function OfflineNotice() {
  const reachable = useSyncExternalStore(watchReach, isReachable);
  return (
    <div role="status">
      {reachable ? null : (
        <p className="m-0 mb-3 px-4 py-2 rounded-card border border-line bg-paper">
          <span aria-hidden="true" className="text-amber">
            !{' '}
          </span>
          {t('offline.now')}
        </p>
      )}
    </div>
  );
}
