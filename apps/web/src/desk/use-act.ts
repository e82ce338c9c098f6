/** Runs one act at a time, shows why it was refused, and has what it may have changed read again. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

export function useAct() {
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  /** @returns whether it was done */
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setError(null);
    try {
      await work();
      return true;
    } catch (refused) {
      setError(refused);
      return false;
    } finally {
      setBusy(false);
      void queries.invalidateQueries({ queryKey: ['devices'] });
      void queries.invalidateQueries({ queryKey: ['stock'] });
    }
  };
  return { act, error, busy };
}
