/** How much went where: proposed evenly, corrected by who treated. */
import { spread, usedIn, type ZoneAmount } from '@zhenmei/care/core/zone-amounts.ts';
import { Field } from '../look/field.tsx';
import { amountOf, type Key, t } from '../shell/words.ts';
import { zoneName } from '../vault/record-facts.tsx';

/** What is typed for each place. */
export type Typed = Readonly<Record<string, string>>;

export const asProposed = (zones: readonly string[], opened: number): Typed =>
  Object.fromEntries(spread(zones, opened).map(({ zone, amount }) => [zone, String(amount)]));

/** @returns the amounts, or null while they do not add up; places where nothing was used are left out */
export function amountsOf(typed: Typed, opened: number): ZoneAmount[] | null {
  const all = Object.entries(typed).map(([zone, text]) => ({
    zone,
    amount: text === '' ? 0 : Number(text),
  }));
  return usedIn(all, opened) === null ? null : all.filter(({ amount }) => amount > 0);
}

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
  const sum = Object.values(typed).reduce((so, text) => so + (Number(text) || 0), 0);
  const wrong = amountsOf(typed, opened) === null;
  return (
    <fieldset className="border-0 m-0 p-0 flex flex-col gap-2">
      <legend className="font-medium mb-2">{t('desk.zones', { unit: t(`unit.name.${unit}` as Key) })}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {Object.entries(typed).map(([zone, text]) => (
          <Field
            key={zone}
            label={zoneName(zone)}
            inputMode="numeric"
            maxLength={7}
            value={text}
            onValueChange={(next) => onChange({ ...typed, [zone]: next.replace(/\D/g, '') })}
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
