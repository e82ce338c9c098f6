/** One of several or none, each with how many it would leave. */
import { t } from '../shell/words.ts';

export function Chips<V extends string>({
  legend,
  quiet = false,
  options,
  value,
  onChange,
}: {
  legend: string;
  /** The heading above says it already. */
  quiet?: boolean;
  options: readonly { readonly value: V; readonly label: string; readonly count: number }[];
  value: V | null;
  onChange(value: V | null): void;
}) {
  if (options.length === 0) return null;
  const chip = (key: string, label: string, on: boolean, pick: () => void) => (
    <button key={key} type="button" className="chip" aria-pressed={on} onClick={pick}>
      {label}
    </button>
  );
  return (
    <fieldset className="border-0 p-0 m-0 min-w-0 no-print">
      <legend className={quiet ? 'sr-only' : 'font-medium mb-1 p-0'}>{legend}</legend>
      <div className="flex flex-wrap gap-2">
        {chip('', t('line.all'), value === null, () => onChange(null))}
        {options.map((one) =>
          chip(one.value, `${one.label} ${one.count}`, value === one.value, () =>
            onChange(value === one.value ? null : one.value),
          ),
        )}
      </div>
    </fieldset>
  );
}
