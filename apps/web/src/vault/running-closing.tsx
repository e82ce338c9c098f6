/** Guardians reported a death: said on every device of the person, with the way to stop it. */
import { useMutation } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { Button } from '../look/button.tsx';
import { Refusal, Verdict } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { useClosings } from '../state/closings.ts';

export function RunningClosing({ vault }: { vault: Vault }) {
  const state = useClosings();
  const stop = useMutation({
    mutationFn: (id: string) => vault.io.api.call(vaultApi.stopClosing, { params: { id } }),
    onSuccess: () => toast(t('after.stopped')),
    onSettled: () => state.refetch(),
  });
  const mine = state.data?.mine;
  if (!mine) return null;
  const values = { have: mine.have, need: mine.need, when: date(mine.dueAt, now(), true) };
  return (
    <Verdict tone="cinnabar" word={t('after.running')} sentence={t('after.running.text', values)}>
      <Button kind="danger" busy={stop.isPending} onClick={() => stop.mutate(mine.id)}>
        {t('after.alive')}
      </Button>
      {stop.error ? <Refusal error={stop.error} /> : null}
    </Verdict>
  );
}
