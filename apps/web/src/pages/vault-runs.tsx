/** Programs that may run once over chosen files: what is agreed to in plain words, the run, and what it gave back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Agreed, agreeToRun, askForRun, runOnce, takenBy } from '@zhenmei/client/vault/programs.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { PROGRAMS } from '@zhenmei/vault/core/compute/catalogue.ts';
import type { ComputeOffer } from '@zhenmei/vault/core/compute/offer.ts';
import type { ProgramInfo } from '@zhenmei/vault/core/compute/program.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Tick } from '../look/choice.tsx';
import { Card, Details, Facts, Pill, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { Opened } from '../vault/opened.tsx';
import { RunResult } from '../vault/run-result.tsx';

export function VaultRunsPage() {
  return (
    <Opened title={t('runs.title')} lead={t('runs.lead')}>
      {(vault) => (
        <>
          {PROGRAMS.map(({ info }) => (
            <OneProgram key={info.id} vault={vault} info={info} />
          ))}
          <Past vault={vault} />
        </>
      )}
    </Opened>
  );
}

interface Running {
  readonly offer: ComputeOffer;
  readonly items: readonly Item[];
  readonly agreed: Agreed | null;
}

function OneProgram({ vault, info }: { vault: Vault; info: ProgramInfo }) {
  const queries = useQueryClient();
  const able = takenBy(vault, info.id);
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const [running, setRunning] = useState<Running | null>(null);
  const [kept, setKept] = useState<Item | null>(null);
  const picked = able.filter(({ object }) => chosen === null || chosen.includes(object));
  const ask = useMutation({
    mutationFn: () => askForRun(vault, info.id),
    onSuccess: (offer) => {
      setKept(null);
      setRunning({ offer, items: picked, agreed: null });
    },
  });
  const run = useMutation({
    mutationFn: async ({ offer, items, agreed: before }: Running) => {
      const agreed = before ?? (await agreeToRun(vault, offer, items));
      setRunning({ offer, items, agreed });
      return runOnce(vault, offer, agreed, say(info.name));
    },
    onSuccess: (item) => {
      setKept(item);
      toast(t('runs.kept'));
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
  const start = () => {
    run.reset();
    ask.mutate();
  };
  return (
    <Card title={say(info.name)}>
      <p className="m-0">{say(info.does)}</p>
      {able.length === 0 ? <p className="m-0 soft">{t('runs.nothing')}</p> : null}
      {able.length > 0 && !running ? (
        <>
          <fieldset className="border-0 m-0 p-0 min-w-0">
            <legend className="font-medium p-0">{t('runs.choose')}</legend>
            {able.map((item) => (
              <Tick
                key={item.object}
                label={`${item.title} · ${date(item.at, now())}`}
                on={picked.includes(item)}
                onChange={(on) =>
                  setChosen(
                    able
                      .filter((one) => (one === item ? on : picked.includes(one)))
                      .map(({ object }) => object),
                  )
                }
              />
            ))}
          </fieldset>
          <Button kind="main" busy={ask.isPending} disabled={picked.length === 0} onClick={start}>
            {t('runs.look')}
          </Button>
        </>
      ) : null}
      {running ? <What info={info} running={running} /> : null}
      {kept ? <RunResult vault={vault} item={kept} /> : null}
      {running && !running.agreed ? (
        <div className="flex flex-wrap gap-3">
          <Button kind="main" busy={run.isPending} onClick={() => run.mutate(running)}>
            {t('runs.agree')}
          </Button>
          <Button disabled={run.isPending} onClick={() => setRunning(null)}>
            {t('runs.not')}
          </Button>
        </div>
      ) : null}
      {running?.agreed && !run.isPending ? (
        <div className="flex flex-wrap gap-3">
          <Button onClick={() => run.mutate(running)}>{t('runs.again')}</Button>
          <Button kind="main" busy={ask.isPending} onClick={start}>
            {t('runs.anew')}
          </Button>
        </div>
      ) : null}
      {run.error || ask.error ? <Refusal error={run.error ?? ask.error} /> : null}
    </Card>
  );
}

/** Everything the consent binds, in words; digests behind the proof. */
function What({ info, running: { offer, items } }: { info: ProgramInfo; running: Running }) {
  return (
    <section aria-label={t('runs.what')} className="flex flex-col gap-2">
      <Facts
        rows={[
          [t('runs.program'), `${say(info.name)} · ${t('runs.version', { version: info.version })}`],
          [t('runs.model'), say(info.model)],
          [t('runs.files'), items.map(({ title }) => title).join(' · ')],
          [t('runs.result'), t('runs.result.numbers')],
          [t('runs.times'), t('runs.once')],
          [t('runs.until'), date(offer.validUntil, now(), true)],
        ]}
      />
      <Pill tone="amber">{t('runs.attestation.software')}</Pill>
      <Details>{t('runs.proof', { job: offer.job, model: offer.model.digest, code: offer.code })}</Details>
    </section>
  );
}

const TONES = {
  agreed: 'amber',
  withdrawn: 'slate',
  begun: 'amber',
  done: 'jade',
  failed: 'cinnabar',
} as const;

function Past({ vault }: { vault: Vault }) {
  const queries = useQueryClient();
  const list = useQuery({
    queryKey: ['runs'],
    queryFn: async () => (await vault.io.api.call(vaultApi.ownRuns)).runs,
  });
  const withdraw = useMutation({
    mutationFn: (id: string) => vault.io.api.call(vaultApi.withdrawRun, { params: { id } }),
    onSettled: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
  if (list.error) return <Refusal error={list.error} />;
  if (!list.data?.length) return null;
  return (
    <Card title={t('runs.past')}>
      <ul className="list-none m-0 p-0">
        {list.data.map(({ job, offer, state, at }) => {
          const item = vault.contents.items.find(({ source }) => source === `program:${job}`);
          return (
            <li key={job} className="border-t border-line first:border-0 py-3 flex flex-col gap-2">
              <span className="flex flex-wrap justify-between gap-x-4">
                <span className="font-medium">
                  {say(offer.program.name)} · {t('runs.version', { version: offer.program.version })}
                </span>
                <span className="soft text-sm">{date(at, now(), true)}</span>
              </span>
              <Pill tone={TONES[state]}>{t(`runs.state.${state}`)}</Pill>
              {state === 'agreed' ? (
                <Button className="self-start" busy={withdraw.isPending} onClick={() => withdraw.mutate(job)}>
                  {t('runs.withdraw')}
                </Button>
              ) : null}
              {item ? (
                <details>
                  <summary className="cursor-pointer min-h-11 py-2.5">{t('runs.show')}</summary>
                  <RunResult vault={vault} item={item} />
                </details>
              ) : null}
            </li>
          );
        })}
      </ul>
      <Link to="/vault/log" className="min-h-11 inline-flex items-center">
        {t('runs.log')}
      </Link>
    </Card>
  );
}
