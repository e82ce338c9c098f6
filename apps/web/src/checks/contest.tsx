/** Objecting to a result while it is open: a deposit, and why. */
import { useMutation } from '@tanstack/react-query';
import { contestCheck } from '@zhenmei/client/check.ts';
import type { Desk } from '@zhenmei/client/desk.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { t, yuan } from '../shell/words.ts';

interface Props {
  readonly desk: Desk;
  readonly id: string;
  /** Minor units. */
  readonly deposit: string;
  onDone(): void;
}

export function Contest({ desk, id, deposit, onDone }: Props) {
  const [text, setText] = useState('');
  const act = useMutation({ mutationFn: () => contestCheck(desk, id, text.trim()), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <Card title={t('check.contest')}>
      <p className="m-0">{t('check.contest.lead', { deposit: yuan(deposit) })}</p>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        <Field label={t('check.contest.text')} lines={3} value={text} onValueChange={setText} />
        <Button type="submit" busy={act.isPending} disabled={text.trim().length < 10}>
          {t('check.contest.submit')}
        </Button>
      </form>
      {act.error ? <Refusal error={act.error} /> : null}
    </Card>
  );
}
