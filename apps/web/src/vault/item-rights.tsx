/** What a person may do with one item beside reading it: restrict, correct, erase. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isOnCard } from '@zhenmei/client/vault/emergency.ts';
import { eraseItems, rectifyItem, restrictItem } from '@zhenmei/client/vault/erasing.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { type FormEvent, useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { t } from '../shell/words.ts';
import { ERASURES, REGION, RESTRICTED } from '../state/rights.ts';

export function ItemRights({
  vault,
  item,
  title,
  restricted,
}: {
  vault: Vault;
  item: Item;
  title: string;
  restricted: boolean;
}) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [pausing, setPausing] = useState(false);
  const [correcting, setCorrecting] = useState(false);
  const act = useMutation({
    mutationFn: ({ work }: { work: () => Promise<unknown>; done: string }) => work(),
    onSuccess: (_, { done }) => toast(done),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: RESTRICTED }),
        queries.invalidateQueries({ queryKey: ERASURES }),
        queries.invalidateQueries({ queryKey: ['emergency-card'] }),
      ]),
  });
  const restrict = () =>
    act.mutate({
      work: () => restrictItem(vault, item, !restricted),
      done: t(restricted ? 'rights.liftDone' : 'rights.restrictDone'),
    });
  // a card that shows this would show a gap: it is paused, and that is said before
  const pauses = !restricted && item.kind !== 'record' && isOnCard(item) && vault.contents.emergency !== null;
  const erase = () =>
    act.mutate({
      work: () => eraseItems(vault, [item], { region: REGION, whole: false }),
      done: t('wipe.done'),
    });
  return (
    <>
      <div className="flex flex-wrap gap-3">
        <Button
          className="btn-small"
          busy={act.isPending}
          onClick={() => (pauses ? setPausing(true) : restrict())}
        >
          {t(restricted ? 'rights.lift' : 'rights.restrict')}
        </Button>
        <Button className="btn-small" aria-expanded={correcting} onClick={() => setCorrecting(!correcting)}>
          {t('rights.correct')}
        </Button>
        <Button className="btn-small" kind="danger" busy={act.isPending} onClick={() => setAsking(true)}>
          {t('keep.remove')}
        </Button>
      </div>
      {correcting ? <Correct vault={vault} item={item} onDone={() => setCorrecting(false)} /> : null}
      {act.error ? <Refusal error={act.error} /> : null}
      <Ask
        open={pausing}
        onOpenChange={setPausing}
        danger
        title={t('rights.pause.ask')}
        text={t('rights.pause.means')}
        yes={t('rights.restrict')}
        onYes={restrict}
      />
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('keep.remove.ask', { name: title })}
        text={t('keep.remove.means')}
        yes={t('keep.remove')}
        onYes={erase}
      />
    </>
  );
}

function Correct({ vault, item, onDone }: { vault: Vault; item: Item; onDone(): void }) {
  const [title, setTitle] = useState(item.title);
  const [day, setDay] = useState(item.at.slice(0, 10));
  const save = useMutation({
    mutationFn: () =>
      rectifyItem(vault, item, { title: title.trim(), at: day === item.at.slice(0, 10) ? item.at : day }),
    onSuccess: () => {
      toast(t('rights.corrected'));
      onDone();
    },
  });
  // what a clinic signed is not rewritten by anybody else
  if (item.kind === 'record') return <p className="m-0 soft">{t('rights.correct.clinic')}</p>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field label={t('rights.correct.name')} value={title} maxLength={300} onValueChange={setTitle} />
      <Field label={t('rights.correct.date')} type="date" value={day} onValueChange={setDay} />
      <Button type="submit" className="self-start" busy={save.isPending} disabled={!title.trim() || !day}>
        {t('rights.correct.save')}
      </Button>
      {item.corrected?.map((before) => (
        <p key={before.at} className="m-0 soft text-sm">
          {t('rights.correct.before', { title: before.title })}
        </p>
      ))}
      {save.error ? <Refusal error={save.error} /> : null}
    </form>
  );
}
