/** Erasing: a part at once, everything after a waiting period; and the certificates of what was erased. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { eraseEverything, eraseItems } from '@zhenmei/client/vault/erasing.ts';
import { myPool, waitingMoney } from '@zhenmei/client/vault/pool.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { Compartment } from '@zhenmei/vault/core/content-keys.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Kept } from '../look/erasure.tsx';
import { Card, Pill, Refusal, Waiting } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, t, yuan } from '../shell/words.ts';
import { now, patientApi } from '../state/apis.ts';
import { STUDIES } from '../state/pool.ts';
import { ERASURES, keepLink, keptLink, myErasures, REGION } from '../state/rights.ts';
import { Certificates } from '../vault/certificates.tsx';
import { Opened } from '../vault/opened.tsx';
import { compartmentName } from '../vault/words.ts';

type Erasure = Awaited<ReturnType<typeof myErasures>>[number];

export function VaultErasePage() {
  return (
    <Opened title={t('wipe.title')} lead={t('wipe.lead')}>
      {(vault) => <Inside vault={vault} />}
    </Opened>
  );
}

function Inside({ vault }: { vault: Vault }) {
  const list = useQuery({ queryKey: ERASURES, queryFn: myErasures, refetchInterval: 10_000 });
  if (list.isPending) return <Waiting what={t('loading')} lines={3} />;
  if (list.error) return <Refusal error={list.error} />;
  const waiting = list.data.find(({ state }) => state === 'waiting' || state === 'started');
  return (
    <>
      {waiting ? <WaitingCard vault={vault} erasure={waiting} /> : <Part vault={vault} />}
      <Certificates erasures={list.data} />
      {waiting ? null : <Everything vault={vault} />}
    </>
  );
}

/** Consents and the vault's own lists go only with everything. */
const ERASABLE = (compartment: Compartment) => compartment !== 'identity';

function Part({ vault }: { vault: Vault }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState<Compartment | null>(null);
  const { items } = vault.contents;
  const filled = [...new Set(items.map(({ compartment }) => compartment))].filter(ERASABLE);
  const of = (compartment: Compartment | null) => items.filter((item) => item.compartment === compartment);
  const erase = useMutation({
    mutationFn: (compartment: Compartment) =>
      eraseItems(vault, of(compartment), { region: REGION, whole: true }),
    onSuccess: () => toast(t('wipe.done')),
    onSettled: () => queries.invalidateQueries({ queryKey: ERASURES }),
  });
  return (
    <Card title={t('wipe.part')}>
      <p className="m-0 soft">{t(filled.length > 0 ? 'wipe.part.lead' : 'wipe.part.none')}</p>
      <ul className="list-none m-0 p-0">
        {filled.map((compartment) => (
          <li
            key={compartment}
            className="border-t border-line first:border-0 py-2 flex items-center justify-between gap-3"
          >
            <span>
              {compartmentName(compartment)} · {of(compartment).length}
            </span>
            <Button
              className="btn-small shrink-0"
              kind="danger"
              busy={erase.isPending}
              onClick={() => setAsking(compartment)}
            >
              {t('wipe.part.do')}
              <span className="sr-only"> {compartmentName(compartment)}</span>
            </Button>
          </li>
        ))}
      </ul>
      {erase.error ? <Refusal error={erase.error} /> : null}
      <Ask
        open={asking !== null}
        onOpenChange={(open) => (open ? undefined : setAsking(null))}
        danger
        title={t('wipe.part.ask', { name: asking ? compartmentName(asking) : '' })}
        text={t('wipe.part.means', { n: of(asking).length })}
        yes={t('wipe.part.do')}
        onYes={() => (asking ? erase.mutate(asking) : undefined)}
      />
    </Card>
  );
}

function Everything({ vault }: { vault: Vault }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const kept = useQuery({
    queryKey: ['kept-by-law', REGION],
    queryFn: () => patientApi.call(vaultApi.readKept, { query: { region: REGION } }),
  });
  const erase = useMutation({
    mutationFn: async () => {
      const { id, token } = await eraseEverything(vault, REGION);
      keepLink(id, token);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ERASURES }),
  });
  return (
    <Card title={t('wipe.all')} tone="cinnabar">
      <p className="m-0">
        {kept.data ? t('wipe.all.lead', { n: kept.data.waitDays }) : t('wipe.all.leadPlain')}
      </p>
      {kept.error ? <Refusal error={kept.error} /> : null}
      <Unclaimed vault={vault} />
      {kept.data ? (
        <details>
          <summary className="cursor-pointer min-h-11 py-2.5">{t('wipe.kept')}</summary>
          <Kept rules={kept.data.everything} />
        </details>
      ) : null}
      <Button kind="danger" className="self-start" busy={erase.isPending} onClick={() => setAsking(true)}>
        {t('wipe.all.do')}
      </Button>
      {erase.error ? <Refusal error={erase.error} /> : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('wipe.all.ask')}
        text={t('wipe.all.means')}
        yes={t('wipe.all.do')}
        onYes={() => erase.mutate()}
      />
    </Card>
  );
}

/** Money of studies that she would lose. Says nothing where there is none. */
function Unclaimed({ vault }: { vault: Vault }) {
  const takesPart = Object.keys(vault.contents.pool).length > 0;
  const pool = useQuery({
    queryKey: [...STUDIES, 'money'],
    enabled: takesPart,
    queryFn: () => myPool(vault),
  });
  if (pool.error) return <Refusal error={pool.error} />;
  const { unnamed, named } = waitingMoney(pool.data?.studies ?? []);
  return (
    <>
      {unnamed > 0n ? (
        <p className="m-0" data-unclaimed>
          {t('wipe.all.unclaimed', { amount: yuan(unnamed.toString()) })}{' '}
          <Link to="/vault/pool" className="inline-block py-2 text-plum">
            {t('wipe.all.claim')}
          </Link>
        </p>
      ) : null}
      {named > 0n ? (
        <p className="m-0" data-unpaid>
          {t('wipe.all.unpaid', { amount: yuan(named.toString()) })}
        </p>
      ) : null}
    </>
  );
}

function WaitingCard({ vault, erasure }: { vault: Vault; erasure: Erasure }) {
  const queries = useQueryClient();
  const undo = useMutation({
    mutationFn: () => vault.io.api.call(vaultApi.undoErasure, { params: { id: erasure.id } }),
    onSuccess: () => toast(t('wipe.undone')),
    onSettled: () => queries.invalidateQueries({ queryKey: ERASURES }),
  });
  const link = keptLink(erasure.id);
  return (
    <Card title={<Pill tone="amber">{t('wipe.waiting')}</Pill>} tone="amber">
      <p className="m-0">{t('wipe.waiting.due', { when: date(erasure.dueAt, now(), true) })}</p>
      {erasure.state === 'waiting' ? <Unclaimed vault={vault} /> : null}
      <Button kind="main" className="self-start" busy={undo.isPending} onClick={() => undo.mutate()}>
        {t('wipe.undo')}
      </Button>
      {undo.error ? <Refusal error={undo.error} /> : null}
      {link ? (
        <>
          <p className="m-0 soft">{t('wipe.link')}</p>
          <a href={link} className="text-plum inline-flex items-center min-h-11 w-fit">
            {t('wipe.link.open')}
          </a>
        </>
      ) : null}
    </Card>
  );
}
