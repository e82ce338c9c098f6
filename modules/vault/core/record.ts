/** The treatment record as a thin FHIR R4 bundle: one procedure, the device used, the places and amounts. */
import { z } from 'zod';

export const ZONES = {
  'nasolabial-left': { zh: '左侧鼻唇沟', en: 'Left nasolabial fold' },
  'nasolabial-right': { zh: '右侧鼻唇沟', en: 'Right nasolabial fold' },
  'cheek-left': { zh: '左面颊', en: 'Left cheek' },
  'cheek-right': { zh: '右面颊', en: 'Right cheek' },
  forehead: { zh: '额部', en: 'Forehead' },
  'tear-trough-left': { zh: '左侧泪沟', en: 'Left tear trough' },
  'tear-trough-right': { zh: '右侧泪沟', en: 'Right tear trough' },
} as const;

const Coding = z.object({ system: z.string(), code: z.string(), display: z.string().optional() });
const Concept = z.object({ coding: z.array(Coding).min(1) });

const Procedure = z.object({
  resourceType: z.literal('Procedure'),
  id: z.literal('procedure'),
  status: z.literal('completed'),
  code: Concept,
  subject: z.object({ reference: z.literal('Patient/self') }),
  performedDateTime: z.iso.datetime(),
  performer: z.array(z.object({ actor: z.object({ display: z.string() }) })).min(1),
  bodySite: z.array(Concept).min(1),
  usedReference: z.array(z.object({ reference: z.literal('Device/product') })).length(1),
  note: z.array(z.object({ text: z.string().max(2_000) })).optional(),
});

const Device = z.object({
  resourceType: z.literal('Device'),
  id: z.literal('product'),
  udiCarrier: z.array(z.object({ deviceIdentifier: z.string(), carrierHRF: z.string() })).length(1),
  lotNumber: z.string(),
  deviceName: z.array(z.object({ name: z.string(), type: z.literal('user-friendly-name') })).min(1),
  property: z.array(
    z.object({ type: Concept, valueQuantity: z.array(z.object({ value: z.number(), unit: z.string() })) }),
  ),
});

export const TreatmentRecord = z
  .object({
    resourceType: z.literal('Bundle'),
    type: z.literal('collection'),
    entry: z.tuple([z.object({ resource: Procedure }), z.object({ resource: Device })]),
  })
  .meta({ phi: true });
export type TreatmentRecord = z.infer<typeof TreatmentRecord>;

export interface TreatmentInput {
  readonly at: string;
  readonly procedure: { readonly code: string; readonly name: string };
  readonly doctor: string;
  readonly zones: readonly { readonly zone: string; readonly amount: number }[];
  readonly amountUnit: string;
  readonly product: {
    readonly gtin: string;
    readonly serial: string;
    readonly lot: string;
    readonly name: string;
  };
  readonly note?: string;
}

const SYSTEM = 'https://zhenmei.example/codes';

export function treatmentRecord(input: TreatmentInput): TreatmentRecord {
  const { product } = input;
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        resource: {
          resourceType: 'Procedure',
          id: 'procedure',
          status: 'completed',
          code: {
            coding: [
              { system: `${SYSTEM}/procedure`, code: input.procedure.code, display: input.procedure.name },
            ],
          },
          subject: { reference: 'Patient/self' },
          performedDateTime: input.at,
          performer: [{ actor: { display: input.doctor } }],
          bodySite: input.zones.map(({ zone }) => ({ coding: [{ system: `${SYSTEM}/zone`, code: zone }] })),
          usedReference: [{ reference: 'Device/product' }],
          ...(input.note ? { note: [{ text: input.note }] } : {}),
        },
      },
      {
        resource: {
          resourceType: 'Device',
          id: 'product',
          udiCarrier: [
            { deviceIdentifier: product.gtin, carrierHRF: `(01)${product.gtin}(21)${product.serial}` },
          ],
          lotNumber: product.lot,
          deviceName: [{ name: product.name, type: 'user-friendly-name' }],
          property: input.zones.map(({ zone, amount }) => ({
            type: { coding: [{ system: `${SYSTEM}/zone`, code: zone }] },
            valueQuantity: [{ value: amount, unit: input.amountUnit }],
          })),
        },
      },
    ],
  };
}
