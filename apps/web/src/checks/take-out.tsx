/** What is due to an organisation's account, and having it paid out. */
import { useMutation } from '@tanstack/react-query';
import type { Desk } from '@zhenmei/client/desk.ts';
import { takeCreditOut } from '@zhenmei/client/verifier.ts';
import { Button } from '../look/button.tsx';
import { Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';

/** @param credit minor units */
export function TakeOut({ desk, credit, onDone }: { desk: Desk; credit: string; onDone(): void }) {
  const act = useMutation({ mutationFn: () => takeCreditOut(desk), onSettled: onDone });
  return (
    <>
      {credit === '0' ? null : (
        <Button kind="main" busy={act.isPending} onClick={() => act.mutate()}>
          {t('verifier.credit.out', { amount: yuan(credit) })}
        </Button>
      )}
      {act.isSuccess ? (
        <p className="m-0" role="status">
          {t('verifier.credit.done')}
        </p>
      ) : null}
      {act.error ? <Refusal error={act.error} /> : null}
    </>
  );
}
