/** Chooses what is opened for this patient: from the clinic's own stock, an open vial first. */
import { useQuery } from '@tanstack/react-query';
import type { VisitView } from '@zhenmei/care/api.ts';
import type { StockUnitView } from '@zhenmei/care/core/stock-views.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import type { UnitChoice } from '@zhenmei/client/clinic.ts';
import { useState } from 'react';
import { asTyped, onlyAmount, typedAmount, typedUnit } from '../desk/typed-amount.ts';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Pill, Refusal, Waiting } from '../look/parts.tsx';
import { amountOf, say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

export function Unseal({
  view,
  onChoose,
  busy,
}: {
  view: VisitView;
  onChoose(choice: UnitChoice): void;
  busy: boolean;
}) {
  const gtin = view.service.gtin!;
  const units = useQuery({
    queryKey: ['stock', 'usable', gtin],
    // what was opened since must not be offered again, however short ago the shelf was looked at
    staleTime: 0,
    queryFn: async () => {
      const { units } = await deskApi.call(stockApi.stock, { query: { gtin, shelf: true } });
      return units.filter(({ usable }) => usable);
    },
  });
  const [picked, setPicked] = useState('');
  const [typed, setTyped] = useState<string | null>(null);
  const chosen = units.data?.find(({ unit }) => unit === picked) ?? units.data?.[0];
  if (units.isPending || !units.isFetchedAfterMount) return <Waiting what={t('loading')} />;
  if (units.error) return <Refusal error={units.error} />;
  if (!chosen) return <Pill tone="amber">{t('desk.noUnit')}</Pill>;
  // one patient has the whole of it; from a vial each has a part
  const amount = typed ?? (chosen.singleUse ? asTyped(chosen.remaining, chosen.amountUnit) : '');
  const unit = chosen.amountUnit;
  const wanted = typedAmount(amount, unit) ?? 0;
  const fits = wanted >= 1 && wanted <= chosen.remaining;
  return (
    <>
      <Select
        label={t('desk.unit')}
        options={units.data.map((unit) => ({ value: unit.unit, label: labelOf(unit) }))}
        value={chosen.unit}
        onChange={(unit) => {
          setPicked(unit);
          setTyped(null);
        }}
      />
      <Field
        label={t('desk.amount', { unit: t(`unit.name.${typedUnit(unit)}` as never) })}
        hint={t('desk.amountHint', { left: amountOf(chosen.remaining, unit) })}
        inputMode="decimal"
        value={amount}
        error={
          amount !== '' && !fits
            ? t('desk.amountWrong', { least: amountOf(1, unit), left: amountOf(chosen.remaining, unit) })
            : null
        }
        onValueChange={(text) => setTyped(onlyAmount(text, unit))}
      />
      <Button
        kind="main"
        busy={busy}
        disabled={!fits}
        onClick={() =>
          onChoose({
            unit: chosen.unit,
            lot: chosen.lot ?? '',
            use: chosen.uses,
            amount: wanted,
            amountUnit: unit,
            remaining: chosen.remaining,
          })
        }
      >
        {t('desk.unseal')}
      </Button>
    </>
  );
}

function labelOf(unit: StockUnitView): string {
  const left =
    unit.uses > 0 ? ` · ${t('stock.left', { left: amountOf(unit.remaining, unit.amountUnit) })}` : '';
  return `${say(unit.product)} · ${unit.serial}${left}`;
}
