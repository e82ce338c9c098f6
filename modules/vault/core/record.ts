/**
 * The treatment record as a thin FHIR R4 bundle: one procedure, the product used with its UDI and lot, the places and
 * amounts. What we write we can read; what we read is exactly what we write.
 */
import { AppError, commit } from '@zhenmei/kernel';
import type { z } from 'zod';
import './errors.ts';
import { issueText } from './record-issue.ts';
import {
  DeviceRecord,
  DrugRecord,
  fullUrl,
  quantity,
  SYSTEM,
  UDI_ISSUER,
  URI_SYSTEM,
  udiText,
  unitLink,
  zoneConcept,
} from './record-parts.ts';

export { DeviceRecord as TreatmentRecord, DrugRecord } from './record-parts.ts';
export { ZONES, type Zone } from './zones.ts';

export type AnyRecord = DeviceRecord | DrugRecord;

export interface TreatmentInput {
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly procedure: { readonly code: string; readonly name: string };
  readonly doctor: string;
  readonly doctorLicence?: string;
  readonly zones: readonly { readonly zone: string; readonly amount: number }[];
  /** `uL`, `mL`, `mg`, `U` or `pulse`. */
  readonly amountUnit: string;
  readonly product: {
    readonly gtin: string;
    readonly serial: string;
    readonly lot: string;
    readonly name: string;
    /** `YYYY-MM-DD` */
    readonly expires?: string;
  };
  readonly note?: string;
}

/** Record of a treatment with a device (filler, implant, energy head). Throws RECORD_INVALID with the path. */
export function treatmentRecord(input: TreatmentInput): DeviceRecord {
  const { product } = input;
  return check(DeviceRecord, {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      procedureEntry(input, 'Device/product'),
      {
        fullUrl: fullUrl('Device', 'product'),
        resource: {
          resourceType: 'Device',
          id: 'product',
          udiCarrier: [
            {
              deviceIdentifier: product.gtin,
              issuer: UDI_ISSUER,
              carrierHRF: udiText(product.gtin, product.lot, product.serial, product.expires),
            },
          ],
          lotNumber: product.lot,
          serialNumber: product.serial,
          ...(product.expires ? { expirationDate: product.expires } : {}),
          deviceName: [{ name: product.name, type: 'user-friendly-name' }],
          property: input.zones.map(({ zone, amount }) => ({
            type: zoneConcept(zone),
            valueQuantity: [quantity(amount, input.amountUnit)],
          })),
        },
      },
    ],
  });
}

/** Record of a treatment with a drug (botulinum toxin, enzyme): one dose for each place. Throws RECORD_INVALID. */
export function drugRecord(input: TreatmentInput): DrugRecord {
  const { product } = input;
  const doses = input.zones.map(({ zone, amount }, i) => ({
    fullUrl: fullUrl('MedicationAdministration', `dose-${i + 1}`),
    resource: {
      resourceType: 'MedicationAdministration',
      id: `dose-${i + 1}`,
      partOf: [{ reference: 'Procedure/procedure' }],
      status: 'completed',
      medicationReference: { reference: 'Medication/product' },
      subject: { reference: 'Patient/self' },
      effectiveDateTime: input.at,
      performer: [performerOf(input)],
      dosage: { site: zoneConcept(zone), dose: quantity(amount, input.amountUnit) },
    },
  }));
  const medication = {
    resourceType: 'Medication',
    id: 'product',
    identifier: [{ system: URI_SYSTEM, value: unitLink(product.gtin, product.serial) }],
    code: { text: product.name },
    batch: { lotNumber: product.lot, ...(product.expires ? { expirationDate: product.expires } : {}) },
  };
  return check(DrugRecord, {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      procedureEntry(input, 'Medication/product'),
      { fullUrl: fullUrl('Medication', 'product'), resource: medication },
      ...doses,
    ],
  });
}

const performerOf = ({ doctor, doctorLicence }: TreatmentInput) => ({
  actor: {
    display: doctor,
    ...(doctorLicence ? { identifier: { system: `${SYSTEM}/licence`, value: doctorLicence } } : {}),
  },
});

function procedureEntry(input: TreatmentInput, product: string) {
  const { procedure, zones, note } = input;
  return {
    fullUrl: fullUrl('Procedure', 'procedure'),
    resource: {
      resourceType: 'Procedure',
      id: 'procedure',
      status: 'completed',
      code: { coding: [{ system: `${SYSTEM}/procedure`, code: procedure.code, display: procedure.name }] },
      subject: { reference: 'Patient/self' },
      performedDateTime: input.at,
      performer: [performerOf(input)],
      bodySite: zones.map(({ zone }) => zoneConcept(zone)),
      usedReference: [{ reference: product }],
      ...(note ? { note: [{ text: note }] } : {}),
    },
  };
}

/** Reads a record from anywhere. Throws RECORD_INVALID with the exact path of the first fault. */
export function readRecord(value: unknown): AnyRecord {
  const entries = (value as { entry?: { resource?: { resourceType?: unknown } }[] } | null)?.entry;
  const isDrug = Array.isArray(entries) && entries[1]?.resource?.resourceType === 'Medication';
  return isDrug ? check(DrugRecord, value) : check(DeviceRecord, value);
}

function check<T extends AnyRecord>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new AppError('RECORD_INVALID', issueText(parsed.error));
  const fault = mismatch(parsed.data);
  if (fault) throw new AppError('RECORD_INVALID', fault);
  return parsed.data;
}

/** What no single field can show: that the parts speak of the same places, names and times. */
function mismatch(record: AnyRecord): { path: string; reason: string } | null {
  const [procedure, ...others] = record.entry;
  const zones = procedure.resource.bodySite.map((site) => site.coding[0].code);
  if (new Set(zones).size !== zones.length)
    return { path: 'entry[0].resource.bodySite', reason: 'a place stands twice' };
  const amounts = amountsOf(record);
  if (amounts.map((a) => a.zone).join() !== zones.join())
    return { path: 'entry[0].resource.bodySite', reason: 'the amounts name other places' };
  for (const [i, { fullUrl: url, resource }] of [procedure, ...others].entries()) {
    if (url !== fullUrl(resource.resourceType, resource.id))
      return { path: `entry[${i}].fullUrl`, reason: 'not the address of its resource' };
    if (resource.resourceType !== 'MedicationAdministration') continue;
    if (resource.id !== `dose-${i - 1}`) return { path: `entry[${i}].resource.id`, reason: 'out of order' };
    if (resource.effectiveDateTime !== procedure.resource.performedDateTime)
      return { path: `entry[${i}].resource.effectiveDateTime`, reason: 'another time than the procedure' };
    if (JSON.stringify(resource.performer) !== JSON.stringify(procedure.resource.performer))
      return { path: `entry[${i}].resource.performer`, reason: 'another person than in the procedure' };
  }
  return null;
}

export interface TreatmentSummary {
  readonly at: string;
  readonly procedure: string;
  readonly doctor: string;
  readonly product: { readonly name: string; readonly lot: string; readonly expires: string | null };
  readonly amounts: readonly { readonly zone: string; readonly amount: number; readonly unit: string }[];
  readonly note: string | null;
}

/** What a person reads of a record, whether a device or a drug was used. */
export function summariseRecord(record: AnyRecord): TreatmentSummary {
  const procedure = record.entry[0].resource;
  const used = record.entry[1].resource;
  const product =
    used.resourceType === 'Device'
      ? { name: used.deviceName[0].name, lot: used.lotNumber, expires: used.expirationDate ?? null }
      : { name: used.code.text, lot: used.batch.lotNumber, expires: used.batch.expirationDate ?? null };
  return {
    at: procedure.performedDateTime,
    procedure: procedure.code.coding[0].display,
    doctor: procedure.performer[0].actor.display,
    product,
    amounts: amountsOf(record),
    note: procedure.note?.[0].text ?? null,
  };
}

function amountsOf(record: AnyRecord): TreatmentSummary['amounts'] {
  return record.entry.flatMap(({ resource }) => {
    if (resource.resourceType === 'Device')
      return resource.property.map(({ type, valueQuantity: [q] }) => ({
        zone: type.coding[0].code,
        amount: q.value,
        unit: q.unit,
      }));
    if (resource.resourceType === 'MedicationAdministration')
      return [
        {
          zone: resource.dosage.site.coding[0].code,
          amount: resource.dosage.dose.value,
          unit: resource.dosage.dose.unit,
        },
      ];
    return [];
  });
}

/**
 * What may be shown of a record in public: SHA-256(salt ‖ canonical JSON).
 * @param salt at least 16 random bytes; destroying it is the erasure. Throws COMMITMENT_SALT_SHORT.
 */
export function recordCommitment(salt: Uint8Array, record: AnyRecord): Uint8Array<ArrayBuffer> {
  return commit(salt, record);
}
