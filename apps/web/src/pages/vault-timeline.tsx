/** Everything in the order of time, narrowed by area of the body, kind, year and words. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { AREAS, type Area } from '@zhenmei/vault/core/timeline/areas.ts';
import {
  countBy,
  ENTRY_KINDS,
  type Entry,
  type EntryKind,
  EVERYTHING,
  type Narrowing,
  narrowed,
  yearOf,
} from '@zhenmei/vault/core/timeline/timeline.ts';
import { useState } from 'react';
import { BodyPicture } from '../line/body-picture.tsx';
import { Chips } from '../line/chips.tsx';
import { EntryRow } from '../line/entry-row.tsx';
import '../look/body.css';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { Card, Empty, Refusal, Waiting } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { timelineOf } from '../state/timeline.ts';
import { Opened } from '../vault/opened.tsx';

export function VaultTimelinePage() {
  return (
    <Opened title={t('line.title')} lead={t('line.lead')}>
      {(vault) => <Line vault={vault} />}
    </Opened>
  );
}

function Line({ vault }: { vault: Vault }) {
  const { items } = vault.contents;
  const entries = useQuery({
    queryKey: ['timeline', items.map(({ object, version }) => `${object}.${version}`).join()],
    queryFn: () => timelineOf(vault),
    gcTime: 0,
  });
  if (entries.isPending) return <Waiting what={t('loading')} lines={4} />;
  if (entries.error) return <Refusal error={entries.error} />;
  if (entries.data.length === 0)
    return <Empty text={t('line.empty')} to="/vault/import" action={t('door.import')} />;
  return <Narrowed vault={vault} entries={entries.data} />;
}

/** Rows that are shown at once; the rest comes when asked for. */
const ROWS = 100;

function Narrowed({ vault, entries }: { vault: Vault; entries: readonly Entry[] }) {
  const [by, setBy] = useState<Narrowing>(EVERYTHING);
  const [most, setMost] = useState(ROWS);
  const change = (part: Partial<Narrowing>) => setBy({ ...by, ...part });
  const shown = narrowed(entries, by);
  // each choice counts what it would leave with the others as they are
  const without = (part: Partial<Narrowing>) => narrowed(entries, { ...by, ...part });
  const areas = countBy<Area>(without({ area: null }), (entry) => entry.areas);
  const kinds = countBy<EntryKind>(without({ kind: null }), (entry) => [entry.kind]);
  const years = countBy<string>(without({ year: null }), (entry) => [yearOf(entry)]);
  const isNarrow = by !== EVERYTHING && (by.area || by.kind || by.year || by.search);
  return (
    <>
      <div className="no-print">
        <Card title={t('line.where')}>
          <BodyPicture value={by.area} onChange={(area) => change({ area })} />
          <Chips<Area>
            quiet
            legend={t('line.where')}
            value={by.area}
            onChange={(area) => change({ area })}
            options={(Object.keys(AREAS) as Area[])
              .filter((area) => areas.has(area) || by.area === area)
              .map((area) => ({ value: area, label: say(AREAS[area]), count: areas.get(area) ?? 0 }))}
          />
          <Chips<EntryKind>
            legend={t('line.kind')}
            value={by.kind}
            onChange={(kind) => change({ kind })}
            options={ENTRY_KINDS.filter((kind) => kinds.has(kind) || by.kind === kind).map((kind) => ({
              value: kind,
              label: t(`line.${kind}`),
              count: kinds.get(kind) ?? 0,
            }))}
          />
          <Chips
            legend={t('line.year')}
            value={by.year}
            onChange={(year) => change({ year })}
            options={[...new Set([...years.keys(), ...(by.year ? [by.year] : [])])]
              .sort()
              .reverse()
              .map((year) => ({ value: year, label: year, count: years.get(year) ?? 0 }))}
          />
          <Field
            label={t('line.search')}
            hint={t('line.searchHint')}
            type="search"
            maxLength={100}
            value={by.search}
            onValueChange={(search) => change({ search })}
          />
        </Card>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="m-0 font-medium" role="status">
          {t('line.found', { n: shown.length })}
        </p>
        <div className="flex gap-3 no-print">
          {isNarrow ? (
            <Button className="btn-small" onClick={() => setBy(EVERYTHING)}>
              {t('line.clear')}
            </Button>
          ) : null}
          <Button className="btn-small" onClick={() => window.print()}>
            {t('line.print')}
          </Button>
        </div>
      </div>
      {shown.length === 0 ? (
        <Card>
          <p className="m-0 soft">{t('line.none')}</p>
        </Card>
      ) : null}
      <ol className="list-none p-0 m-0 flex flex-col gap-3">
        {shown.slice(0, most).map((entry) => (
          <EntryRow key={entry.key} vault={vault} entry={entry} />
        ))}
      </ol>
      {shown.length > most ? (
        <Button className="no-print" onClick={() => setMost(most + ROWS)}>
          {t('line.more', { n: shown.length - most })}
        </Button>
      ) : null}
      {shown.length > 0 ? (
        <Link to="/vault/import" className="no-print inline-flex items-center min-h-11 w-fit">
          {t('door.import')}
        </Link>
      ) : null}
    </>
  );
}
