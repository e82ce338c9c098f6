/** A table: which column is what, the first rows tried, then the rest. */
import { tableTrial } from '@zhenmei/client/vault/import-files.ts';
import { COLUMNS, type Column, type RowFault, TRIAL } from '@zhenmei/vault/core/import/table-records.ts';
import { useMemo, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Pill } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { type Keepable, today } from '../state/importing.ts';
import { Faults } from './faults.tsx';

type Table = Extract<Keepable, { kind: 'table' }>;
const SAMPLE = 3;

const lineOf = ({ row, column, code }: RowFault): string => {
  const reason = t(`bring.${code}`);
  return column > 0 ? t('bring.fault', { row, column, reason }) : t('bring.faultRow', { row, reason });
};

export function TableTrial({ file, onChange }: { file: Table; onChange(file: Table): void }) {
  const { table, mapping } = file;
  const [tried, setTried] = useState(0);
  const trial = useMemo(() => (tried > 0 ? tableTrial(file, today(), tried) : null), [file, tried]);
  const rest = table.rows.length - Math.min(TRIAL, table.rows.length);
  const meaning = (at: number): Column | 'skip' => COLUMNS.find((column) => mapping[column] === at) ?? 'skip';
  const choose = (at: number, next: Column | 'skip') => {
    const others = Object.entries(mapping).filter(([column, place]) => place !== at && column !== next);
    setTried(0);
    onChange({ ...file, mapping: Object.fromEntries(next === 'skip' ? others : [...others, [next, at]]) });
  };
  return (
    <>
      <h3 className="text-base font-semibold m-0">{t('bring.table.columns')}</h3>
      <div className="grid gap-3 sm:grid-cols-2">
        {table.header.map((name, at) => (
          <Select<Column | 'skip'>
            // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place; names may repeat
            key={at}
            label={name || t('bring.column', { n: at + 1 })}
            value={meaning(at)}
            onChange={(next) => choose(at, next)}
            options={[
              { value: 'skip' as const, label: t('bring.table.skip') },
              ...COLUMNS.map((column) => ({ value: column, label: t(`bring.column.${column}`) })),
            ]}
          />
        ))}
      </div>
      {trial ? (
        <>
          <Pill tone={trial.kept === trial.of ? 'jade' : 'amber'}>
            {trial.of < table.rows.length
              ? t('bring.trial.good', { n: trial.kept, of: trial.of })
              : t('bring.all', { n: trial.kept, of: trial.of })}
          </Pill>
          <ul className="m-0 pl-5 text-sm">
            {trial.records.slice(0, SAMPLE).map((record, i) => {
              const { performedDateTime, code } = record as unknown as {
                performedDateTime: string;
                code: { text: string };
              };
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows may be alike
                <li key={i} className="break-words">
                  {performedDateTime} · {code.text}
                </li>
              );
            })}
          </ul>
          <Faults lines={trial.faults.map(lineOf)} />
        </>
      ) : (
        <p className="m-0 soft">{t('bring.tryFirst')}</p>
      )}
      <div className="flex flex-wrap gap-3">
        {tried === 0 ? (
          <Button onClick={() => setTried(TRIAL)}>
            {t('bring.trial', { n: Math.min(TRIAL, table.rows.length) })}
          </Button>
        ) : tried < table.rows.length && rest > 0 ? (
          <Button onClick={() => setTried(table.rows.length)}>{t('bring.rest', { n: rest })}</Button>
        ) : null}
      </div>
      <p className="m-0 soft">{t('bring.table.whole')}</p>
    </>
  );
}
