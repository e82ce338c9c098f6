/** What happens after a death: the person's own choice, and what she does for those whom she guards. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { wishErased, wishHandedOver, withdrawWish } from '@zhenmei/client/vault/closings.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice, Select, Tick } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Facts, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { REGION } from '../state/rights.ts';
import { Closings } from '../vault/closings.tsx';
import { Opened } from '../vault/opened.tsx';
import { RunningClosing } from '../vault/running-closing.tsx';

const WISH = ['vault-wish'] as const;

export function VaultAfterPage() {
  return (
    <Opened title={t('after.title')} lead={t('after.lead')}>
      {(vault) => (
        <>
          <RunningClosing vault={vault} />
          <Wish vault={vault} />
          <Closings vault={vault} />
        </>
      )}
    </Opened>
  );
}

function Wish({ vault }: { vault: Vault }) {
  const [changing, setChanging] = useState(false);
  const wish = useQuery({
    queryKey: WISH,
    queryFn: async () => (await vault.io.api.call(vaultApi.readWish)).wish,
  });
  const undo = useMutation({
    mutationFn: () => withdrawWish(vault),
    onSuccess: () => toast(t('after.undone')),
    onSettled: () => wish.refetch(),
  });
  if (wish.isPending) return <Waiting what={t('loading')} lines={2} />;
  if (wish.error) return <Refusal error={wish.error} />;
  const { contents } = vault;
  const chosen = wish.data;
  if (Object.keys(contents.guardians).length === 0)
    return (
      <Card title={t('after.mine')}>
        <p className="m-0">{t('after.noGuardians')}</p>
        <Link to="/vault/keys" className="btn">
          {t('guard.choose')}
        </Link>
      </Card>
    );
  const named = chosen?.heir ? (contents.guardians[chosen.heir] ?? chosen.heir) : '';
  const titles = contents.items
    .filter(({ object }) => chosen?.objects.includes(object))
    .map(({ title }) => title);
  return (
    <Card title={t('after.mine')}>
      <Pill tone={chosen ? 'jade' : 'slate'}>{t(`after.is.${chosen?.kind ?? 'nothing'}`)}</Pill>
      {chosen ? (
        <Facts
          rows={[
            [t('after.since'), date(chosen.madeAt, now())],
            ...(chosen.kind === 'hand-over'
              ? ([
                  [t('after.heir'), named],
                  [t('after.files'), titles.join(' · ')],
                ] as const)
              : []),
          ]}
        />
      ) : null}
      {changing ? (
        <Form
          vault={vault}
          onDone={() => {
            setChanging(false);
            void wish.refetch();
          }}
        />
      ) : (
        <div className="flex flex-wrap gap-3">
          <Button kind="main" onClick={() => setChanging(true)}>
            {t(chosen ? 'after.change' : 'after.choose')}
          </Button>
          {chosen ? (
            <Button busy={undo.isPending} onClick={() => undo.mutate()}>
              {t('after.undo')}
            </Button>
          ) : null}
        </div>
      )}
      {undo.error ? <Refusal error={undo.error} /> : null}
    </Card>
  );
}

function Form({ vault, onDone }: { vault: Vault; onDone(): void }) {
  const guardians = Object.entries(vault.contents.guardians).map(([value, label]) => ({ value, label }));
  const files = vault.contents.items.filter(({ compartment }) => compartment !== 'identity');
  const [kind, setKind] = useState<'erase' | 'hand-over' | null>(null);
  const [heir, setHeir] = useState(guardians[0]!.value);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [note, setNote] = useState('');
  const items = files.filter(({ object }) => picked.includes(object));
  const save = useMutation({
    mutationFn: () =>
      kind === 'erase'
        ? wishErased(vault, REGION)
        : wishHandedOver(vault, REGION, { heir, items, note: note.trim() }),
    onSuccess: () => {
      toast(t('after.saved'));
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <Choice
        legend={t('after.legend')}
        value={kind}
        options={[
          { value: 'erase', label: t('after.pick.erase') },
          { value: 'hand-over', label: t('after.pick.hand-over') },
        ]}
        onChange={(next: string) => setKind(next as typeof kind)}
      />
      {kind === 'hand-over' ? (
        <>
          <Select label={t('after.heir')} value={heir} options={guardians} onChange={setHeir} />
          <fieldset className="border-0 m-0 p-0 min-w-0">
            <legend className="font-medium p-0">{t('after.files')}</legend>
            {files.length === 0 ? <p className="m-0 soft">{t('after.files.none')}</p> : null}
            {files.map(({ object, title, at }) => (
              <Tick
                key={object}
                label={`${title} · ${date(at, now())}`}
                on={picked.includes(object)}
                onChange={(on) =>
                  setPicked(on ? [...picked, object] : picked.filter((other) => other !== object))
                }
              />
            ))}
          </fieldset>
          <Field label={t('after.note')} lines={3} maxLength={2_000} value={note} onValueChange={setNote} />
          <p className="m-0 soft">{t('after.handOver.means')}</p>
        </>
      ) : null}
      <div className="flex flex-wrap gap-3">
        <Button
          type="submit"
          kind="main"
          busy={save.isPending}
          disabled={kind === null || (kind === 'hand-over' && items.length === 0)}
        >
          {t('after.save')}
        </Button>
        <Button onClick={onDone}>{t('after.not')}</Button>
      </div>
      {save.error ? <Refusal error={save.error} /> : null}
    </form>
  );
}
