/** Adds up what was used in kept treatment records: amounts by product and unit. Plain counting; there is no model in it. */
import { AppError, fromUtf8, strictJson } from '@zhenmei/kernel';
import { type AnyRecord, readRecord, summariseRecord } from '../../record.ts';
import '../errors.ts';
import type { Program } from '../program.ts';

const UNITS = ['uL', 'mL', 'mg', 'U', 'pulse'] as const;

export interface TreatmentTotals {
  readonly treatments: number;
  readonly totals: readonly {
    readonly gtin: string;
    readonly unit: (typeof UNITS)[number];
    readonly amount: number;
    readonly treatments: number;
    readonly first: string;
    readonly last: string;
  }[];
}

const count = { type: 'number', min: 0, max: 50 } as const;

export const treatmentTotals: Program = {
  info: {
    id: 'treatment-totals',
    version: '1.0.0',
    name: { zh: '用量合计', en: 'Totals of what was used' },
    does: {
      zh: '把你选的治疗记录里每种产品的用量加起来，给出次数和起止日期。不给医疗建议。',
      en: 'Adds up how much of each product was used in the records you choose, with the number of treatments and dates. It gives no medical advice.',
    },
    model: { zh: '固定的加法，不含任何模型', en: 'Fixed addition; there is no model in it' },
    accepts: ['record'],
    output: {
      type: 'object',
      fields: {
        treatments: count,
        totals: {
          type: 'list',
          most: 100,
          of: {
            type: 'object',
            fields: {
              gtin: { type: 'gtin' },
              unit: { type: 'choice', of: UNITS },
              amount: { type: 'number', min: 0, max: 100_000_000 },
              treatments: count,
              first: { type: 'date' },
              last: { type: 'date' },
            },
          },
        },
      },
    },
  },

  run(inputs): TreatmentTotals {
    const totals = new Map<string, { gtin: string; unit: string; amount: number; days: string[] }>();
    for (const { bytes } of inputs) {
      const record = recordIn(bytes);
      const { at, amounts } = summariseRecord(record);
      const gtin = gtinOf(record);
      for (const unit of new Set(amounts.map((a) => a.unit))) {
        const used = amounts.filter((a) => a.unit === unit).reduce((sum, a) => sum + a.amount, 0);
        const key = `${gtin} ${unit}`;
        const held = totals.get(key) ?? { gtin, unit, amount: 0, days: [] };
        totals.set(key, { ...held, amount: held.amount + used, days: [...held.days, at.slice(0, 10)] });
      }
    }
    const lines = [...totals.values()].map(({ gtin, unit, amount, days }) => ({
      gtin,
      unit: unit as (typeof UNITS)[number],
      // amounts are stated with three decimals at most
      amount: Math.round(amount * 1_000) / 1_000,
      treatments: days.length,
      first: [...days].sort()[0]!,
      last: [...days].sort().at(-1)!,
    }));
    return { treatments: inputs.length, totals: lines.sort((a, b) => a.gtin.localeCompare(b.gtin)) };
  },
};

function recordIn(bytes: Uint8Array): AnyRecord {
  try {
    return readRecord(strictJson(fromUtf8(bytes)));
  } catch (cause) {
    throw new AppError('COMPUTE_INPUT', {}, { cause });
  }
}

function gtinOf(record: AnyRecord): string {
  const used = record.entry[1].resource;
  if (used.resourceType === 'Device') return used.udiCarrier[0].deviceIdentifier;
  // a drug's record names the unit by its GS1 Digital Link
  return /\/01\/(\d{14})\//.exec(used.identifier[0].value)?.[1] ?? '';
}
