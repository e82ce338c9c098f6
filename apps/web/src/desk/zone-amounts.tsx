/** How much went where: proposed evenly, corrected by who treated. */
import { spread, usedIn, type ZoneAmount } from '@zhenmei/care/core/zone-amounts.ts';
import { Field } from '../look/field.tsx';
import { amountOf, type Key, t } from '../shell/words.ts';
import { zoneName } from '../vault/record-facts.tsx';
import { asTyped, onlyAmount, typedAmount, typedUnit } from './typed-amount.ts';

/** What is typed for each place. */
export type Typed = Readonly<Record<string, string>>;

export const asProposed = (zones: readonly string[], opened: number, unit: string): Typed =>
  Object.fromEntries(spread(zones, opened).map(({ zone, amount }) => [zone, asTyped(amount, unit)]));

/** @returns the amounts, or null while they do not add up; places where nothing was used are left out */
export function amountsOf(typed: Typed, opened: number, unit: string): ZoneAmount[] | null {
  const all = read(typed, unit);
  return usedIn(all, opened) === null ? null : all.filter(({ amount }) => amount > 0);
}

/** What is no amount is none that adds up. */
const read = (typed: Typed, unit: string): ZoneAmount[] =>
  Object.entries(typed).map(([zone, text]) => ({
    zone,
    amount: text === '' ? 0 : (typedAmount(text, unit) ?? Number.NaN),
  }));

export function ZoneAmounts({
  typed,
  opened,
  unit,
  onChange,
}: {
  typed: Typed;
  /** What was opened for this visit, in `unit`. */
  opened: number;
  unit: string;
  onChange(next: Typed): void;
}) {
  const sum = read(typed, unit).reduce((so, { amount }) => so + (amount || 0), 0);
  const wrong = amountsOf(typed, opened, unit) === null;
  return (
    <fieldset className="border-0 m-0 p-0 flex flex-col gap-2">
      <legend className="font-medium mb-2">
        {t('desk.zones', { unit: t(`unit.name.${typedUnit(unit)}` as Key) })}
      </legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {Object.entries(typed).map(([zone, text]) => (
          <Field
            key={zone}
            label={zoneName(zone)}
            inputMode="decimal"
            maxLength={8}
            value={text}
            onValueChange={(next) => onChange({ ...typed, [zone]: onlyAmount(next, unit) })}
          />
        ))}
      </div>
      <p aria-live="polite" className={`m-0 text-sm ${wrong ? 'text-cinnabar font-medium' : 'soft'}`}>
        {wrong ? <span aria-hidden="true">✕ </span> : null}
        {t(wrong ? 'desk.zonesWrong' : 'desk.zonesSum', {
          sum: amountOf(sum, unit),
          opened: amountOf(opened, unit),
        })}
      </p>
    </fieldset>
  );
}
