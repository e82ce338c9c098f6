/** What the pages about goods are made of, beside the pieces of every page. */
import type { ReactNode } from 'react';
import { Card } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

/** A hairline list; each entry is usually a link made with `ROW`. */
export function Rows({ children }: { children: ReactNode }) {
  return <ul className="list-none p-0 m-0 flex flex-col">{children}</ul>;
}

export const ROW =
  'flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-3 min-h-14 no-underline text-ink';

/** Which of a few lists is shown. */
export function Views<V extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { readonly value: V; readonly label: string }[];
  value: V;
  onChange(value: V): void;
}) {
  return (
    <fieldset className="border-0 m-0 p-0 flex flex-wrap gap-2 no-print">
      <legend className="sr-only">{label}</legend>
      {options.map((one) => (
        <button
          key={one.value}
          type="button"
          aria-pressed={one.value === value}
          className={`btn btn-small ${one.value === value ? 'btn-main' : ''}`}
          onClick={() => onChange(one.value)}
        >
          {one.label}
        </button>
      ))}
    </fieldset>
  );
}

export function Line({ children }: { children: ReactNode }) {
  return <li className="border-t border-line first:border-0">{children}</li>;
}

/** What will be here, and the one thing to do. */
export function Nothing({ text, children }: { text: string; children?: ReactNode }) {
  return (
    <Card>
      <p className="m-0 soft">{text}</p>
      {children}
    </Card>
  );
}

export function Progress({ done, all, label }: { done: number; all: number; label: string }) {
  return (
    <div className="flex flex-col gap-1">
      <progress className="w-full h-3 accent-plum" aria-label={label} value={done} max={all || 1} />
      <p className="m-0 soft text-sm" aria-live="polite">
        {t('progress', { done, all })}
      </p>
    </div>
  );
}

const UNIT = /\/01\/(\d{14})\/21\/(.+)$/;
const SSCC = /\/00\/(\d{18})$/;
const LOT = /\/01\/\d{14}\/10\/(.+)$/;

/** Serial number, container number or lot in an address, as it is printed. */
export function shortName(address: string): string {
  const [, , serial] = UNIT.exec(address) ?? [];
  const found = serial ?? SSCC.exec(address)?.[1] ?? LOT.exec(address)?.[1];
  return found ? decodeURIComponent(found) : address;
}

export const isContainer = (address: string): boolean => SSCC.test(address);

const SHOWN = 12;

/** Some of many addresses; the rest is counted and can be opened. */
export function Addresses({ of }: { of: readonly string[] }) {
  if (of.length === 0) return null;
  const shown = of.slice(0, SHOWN);
  return (
    <div className="flex flex-col gap-1">
      <p className="m-0 font-mono text-sm break-all">{shown.map(shortName).join('  ')}</p>
      {of.length > SHOWN ? (
        <details className="text-sm">
          <summary className="soft cursor-pointer min-h-11 py-2.5">
            {t('more.units', { n: of.length - SHOWN })}
          </summary>
          <p className="m-0 font-mono break-all">{of.slice(SHOWN).map(shortName).join('  ')}</p>
        </details>
      ) : null}
    </div>
  );
}
