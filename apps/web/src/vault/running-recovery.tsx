/** Somebody asks the guardians: said on every device that is still there, with the way to stop it. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { Button } from '../look/button.tsx';
import { Refusal, Verdict } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export const GUARDIANSHIP = ['guardianship'] as const;

export function RunningRecovery({ vault }: { vault: Vault }) {
  const { api } = vault.io;
  const state = useQuery({
    queryKey: GUARDIANSHIP,
    queryFn: () => api.call(vaultApi.readGuardianship),
    refetchInterval: 20_000,
  });
  const running = state.data?.running;
  const cancel = useMutation({
    mutationFn: (id: string) => api.call(vaultApi.cancelRecovery, { params: { id } }),
    onSuccess: () => toast(t('guard.cancelled')),
    onSettled: () => state.refetch(),
  });
  if (!running) return null;
  const text = t('guard.running.text', { n: running.approvals, when: date(running.dueAt, now(), true) });
  return (
    <Verdict tone="cinnabar" word={t('guard.running')} sentence={text}>
      <Button kind="danger" busy={cancel.isPending} onClick={() => cancel.mutate(running.id)}>
        {t('guard.cancel')}
      </Button>
      {cancel.error ? <Refusal error={cancel.error} /> : null}
    </Verdict>
  );
}
