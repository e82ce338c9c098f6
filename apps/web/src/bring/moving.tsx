/** An export of another installation: opened here, every proof judged, then kept byte for byte. */
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Judged, judgeMoved, moveIn, openExport } from '@zhenmei/client/vault/move-in.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { type FormEvent, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Card, Pill, Refusal, type Tone, Waiting } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { keep } from '../state/vault-things.ts';
import { whenText } from '../vault/words.ts';
import { Going, useGoing } from './going.tsx';

const TONES: Record<Judged['verdict'], Tone> = { proven: 'jade', false: 'cinnabar', 'cannot-judge': 'slate' };

export function Moving({
  vault,
  file,
  onDrop,
}: {
  vault: Vault;
  file: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
  onDrop(): void;
}) {
  const [by, setBy] = useState<'phrase' | 'secret'>('phrase');
  const [secret, setSecret] = useState('');
  const going = useGoing();
  const open = useMutation({
    mutationFn: async () => {
      const key = by === 'phrase' ? { passphrase: secret } : { identity: secret };
      const moved = await openExport(file.bytes, key);
      return { moved, judged: await judgeMoved(moved, now()) };
    },
    onSuccess: () => setSecret(''),
  });
  const take = useMutation({
    mutationFn: () =>
      moveIn(
        vault,
        open.data!.moved,
        { trust: t('move.trust'), history: t('move.history') },
        (facts, bytes, known, sent) => keep(vault, facts, bytes, known, sent),
        going.start(),
      ),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate();
  };
  return (
    <Card title={file.name}>
      <p className="m-0 soft">{t('bring.export')}</p>
      {open.data ? null : (
        <form className="flex flex-col gap-3" onSubmit={submit}>
          <Choice
            legend={t('move.key')}
            value={by}
            onChange={(next) => {
              setBy(next);
              setSecret('');
            }}
            options={[
              { value: 'phrase', label: t('move.phrase') },
              { value: 'secret', label: t('move.secret') },
            ]}
          />
          <Field
            label={t(by === 'phrase' ? 'move.phrase' : 'move.secret')}
            type="password"
            autoComplete="off"
            value={secret}
            onValueChange={setSecret}
          />
          <Button type="submit" kind="main" busy={open.isPending} disabled={secret === ''}>
            {t('move.open')}
          </Button>
          {open.isPending ? <Waiting what={t('move.opening')} /> : null}
          {open.error ? <Refusal error={open.error} /> : null}
        </form>
      )}
      {open.data ? (
        <>
          <p className="m-0 font-medium">
            {t('move.what', {
              n: open.data.moved.index.items.length,
              date: whenText(open.data.moved.index.at),
            })}
          </p>
          <Pill tone="jade">{t('move.whole')}</Pill>
          <Proofs judged={open.data.judged} />
          {take.data && !take.data.stopped ? null : (
            <Button kind="main" busy={take.isPending} onClick={() => take.mutate()}>
              {t('bring.do')}
            </Button>
          )}
        </>
      ) : null}
      {take.isPending ? <Going what={t('bring.doing')} going={going} /> : null}
      {take.data ? (
        <>
          <Pill tone="jade">{t('bring.done', { n: take.data.kept })}</Pill>
          {take.data.known > 0 ? (
            <p className="m-0 soft">{t('bring.known', { n: take.data.known })}</p>
          ) : null}
          <Link to="/vault/timeline" className="inline-flex items-center min-h-11 w-fit">
            {t('bring.see')}
          </Link>
        </>
      ) : null}
      {take.error ? <Refusal error={take.error} /> : null}
      <Button className="btn-small self-start" disabled={take.isPending} onClick={onDrop}>
        {t(take.data ? 'keep.close' : 'bring.drop')}
      </Button>
    </Card>
  );
}

function Proofs({ judged }: { judged: readonly Judged[] }) {
  if (judged.length === 0) return <p className="m-0 soft">{t('move.noProofs')}</p>;
  return (
    <>
      <h3 className="text-base font-semibold m-0">{t('move.proofs')}</h3>
      <ul className="list-none m-0 p-0">
        {judged.map(({ kind, title, verdict }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two visits may be alike
          <li key={i} className="flex flex-wrap justify-between gap-x-4 py-1">
            <span className="min-w-0 break-words">
              {t(`move.${kind}`)} {title ? `· ${title}` : ''}
            </span>
            <Pill tone={TONES[verdict]}>{t(`move.${verdict}`)}</Pill>
          </li>
        ))}
      </ul>
    </>
  );
}
