/** Goods chosen from what this site holds: so many of a lot, or a whole container. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select } from '../look/choice.tsx';
import { Field } from '../look/field.tsx';
import { Refusal } from '../look/parts.tsx';
import { say, t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';
import { shortName } from './parts.tsx';

export function StockPicker({
  onPicked,
  onContainer,
}: {
  onPicked(epcs: readonly string[], name: string, gtin: string): void;
  onContainer(epc: string, units: number, gtin: string | null): void;
}) {
  const stock = useQuery({
    queryKey: ['stock-here'],
    refetchInterval: 5_000,
    queryFn: () => deskApi.call(provenanceApi.readStock),
  });
  const [chosen, setChosen] = useState('');
  const [count, setCount] = useState('1');
  const lines = (stock.data?.held ?? []).filter(({ units, locked }) => units > locked);
  const containers = (stock.data?.containers ?? []).filter(({ locked }) => locked === 0);
  const keyOf = ({ gtin, lot }: (typeof lines)[number]) => `${gtin} ${lot}`;
  const options = [
    ...lines.map((line) => ({
      value: keyOf(line),
      label: `${line.product ? say(line.product) : line.gtin} · ${line.lot ? shortName(line.lot) : '–'} · ${t('units', { n: line.units - line.locked })}`,
    })),
    ...containers.map(({ epc, units }) => ({
      value: epc,
      label: `${t('goods.container')} ${shortName(epc)} · ${t('units', { n: units })}`,
    })),
  ];
  const key = chosen || (options[0]?.value ?? '');
  const line = lines.find((one) => keyOf(one) === key);
  const container = containers.find(({ epc }) => epc === key);
  const pick = useMutation({
    mutationFn: async () => {
      if (container) return onContainer(container.epc, container.units, container.gtin);
      const limit = Math.min(10_000, Math.max(1, Number(count) || 1));
      const { units } = await deskApi.call(provenanceApi.freeUnits, {
        query: { gtin: line!.gtin, ...(line!.lot ? { lot: line!.lot } : {}), limit },
      });
      return onPicked(units, line!.product ? say(line!.product) : line!.gtin, line!.gtin);
    },
  });
  if (options.length === 0) return null;
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-3">
      <div className="grid gap-3 md:grid-cols-[1fr_8rem] items-end">
        <Select label={t('goods.fromStock')} value={key} onChange={setChosen} options={options} />
        {line ? (
          <Field
            label={t('goods.count')}
            inputMode="numeric"
            maxLength={5}
            value={count}
            onValueChange={setCount}
          />
        ) : null}
      </div>
      <Button className="self-start" busy={pick.isPending} onClick={() => pick.mutate()}>
        {t('goods.take')}
      </Button>
      {pick.error ? <Refusal error={pick.error} /> : null}
    </div>
  );
}
