/** The FHIR R4 resources of a treatment record, in exactly the shapes that we write; anything else is refused. */
import { z } from 'zod';
import { ZONES, type Zone } from './zones.ts';

export const SYSTEM = 'https://zhenmei.example/codes';
const BASE = 'https://zhenmei.example/fhir';
/** How FHIR names GS1 as an issuer of device identifiers. */
export const UDI_ISSUER = 'http://hl7.org/fhir/NamingSystem/gs1-di';
/** An identifier that is a URI itself. */
export const URI_SYSTEM = 'urn:ietf:rfc:3986';

/** Units of amounts: what people read, and the UCUM code. */
export const UNITS = { uL: 'uL', mL: 'mL', mg: 'mg', U: "[arb'U]", pulse: '{pulse}' } as const;
export type Unit = keyof typeof UNITS;

const Text = (max: number) => z.string().min(1).max(max);
const Instant = z.iso.datetime();
/** GS1 character set 82, as in batch and serial numbers. */
const GsText = z.string().regex(/^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,20}$/);
const Gtin = z
  .string()
  .regex(/^\d{14}$/)
  .refine(
    (gtin) => [...gtin].reduce((sum, d, i) => sum + Number(d) * (i % 2 === 0 ? 3 : 1), 0) % 10 === 0,
    'check digit',
  );

const ref = <const T extends string>(reference: T) => z.strictObject({ reference: z.literal(reference) });
const zoneCodes = Object.keys(ZONES) as [Zone, ...Zone[]];
const ZoneConcept = z.strictObject({
  coding: z.tuple([z.strictObject({ system: z.literal(`${SYSTEM}/zone`), code: z.enum(zoneCodes) })]),
});
const units = Object.keys(UNITS) as [Unit, ...Unit[]];
const Amount = z
  .strictObject({
    value: z.number().min(0).max(1_000_000),
    unit: z.enum(units),
    system: z.literal('http://unitsofmeasure.org'),
    code: z.string(),
  })
  .refine(({ unit, code }) => code === UNITS[unit], {
    path: ['code'],
    message: 'not the UCUM code of the unit',
  });
const Performer = z.strictObject({
  actor: z.strictObject({
    display: Text(100),
    /** The licence under which the doctor acted. */
    identifier: z.strictObject({ system: z.literal(`${SYSTEM}/licence`), value: Text(100) }).optional(),
  }),
});

const procedure = <const T extends string>(product: T) =>
  z.strictObject({
    resourceType: z.literal('Procedure'),
    id: z.literal('procedure'),
    status: z.literal('completed'),
    code: z.strictObject({
      coding: z.tuple([
        z.strictObject({
          system: z.literal(`${SYSTEM}/procedure`),
          code: z.string().regex(/^[a-z0-9-]{1,60}$/),
          display: Text(200),
        }),
      ]),
    }),
    subject: ref('Patient/self'),
    performedDateTime: Instant,
    performer: z.tuple([Performer]),
    bodySite: z.array(ZoneConcept).min(1).max(30),
    usedReference: z.tuple([ref(product)]),
    note: z.tuple([z.strictObject({ text: Text(2_000) })]).optional(),
  });

const Device = z
  .strictObject({
    resourceType: z.literal('Device'),
    id: z.literal('product'),
    udiCarrier: z.tuple([
      z.strictObject({
        deviceIdentifier: Gtin,
        issuer: z.literal(UDI_ISSUER),
        carrierHRF: z.string().max(90),
      }),
    ]),
    lotNumber: GsText,
    serialNumber: GsText,
    expirationDate: z.iso.date().optional(),
    deviceName: z.tuple([z.strictObject({ name: Text(200), type: z.literal('user-friendly-name') })]),
    property: z
      .array(z.strictObject({ type: ZoneConcept, valueQuantity: z.tuple([Amount]) }))
      .min(1)
      .max(30),
  })
  .refine(
    (d) =>
      d.udiCarrier[0].carrierHRF ===
      udiText(d.udiCarrier[0].deviceIdentifier, d.lotNumber, d.serialNumber, d.expirationDate),
    {
      path: ['udiCarrier', 0, 'carrierHRF'],
      message: 'differs from identifier, lot, serial number or expiry',
    },
  );

const Medication = z.strictObject({
  resourceType: z.literal('Medication'),
  id: z.literal('product'),
  identifier: z.tuple([
    z.strictObject({
      system: z.literal(URI_SYSTEM),
      value: z.string().regex(/^https:\/\/id\.gs1\.org\/01\/\d{14}\/21\/[^/?#]{1,60}$/),
    }),
  ]),
  code: z.strictObject({ text: Text(200) }),
  batch: z.strictObject({ lotNumber: GsText, expirationDate: z.iso.date().optional() }),
});

const Administration = z.strictObject({
  resourceType: z.literal('MedicationAdministration'),
  id: z.string().regex(/^dose-[1-9]\d?$/),
  partOf: z.tuple([ref('Procedure/procedure')]),
  status: z.literal('completed'),
  medicationReference: ref('Medication/product'),
  subject: ref('Patient/self'),
  effectiveDateTime: Instant,
  performer: z.tuple([Performer]),
  dosage: z.strictObject({ site: ZoneConcept, dose: Amount }),
});

const entry = <T extends z.ZodType>(resource: T) => z.strictObject({ fullUrl: z.string(), resource });
const bundle = <T extends z.ZodType>(entries: T) =>
  z.strictObject({ resourceType: z.literal('Bundle'), type: z.literal('collection'), entry: entries });

/** A device was used: filler, implant, energy head. */
export const DeviceRecord = bundle(z.tuple([entry(procedure('Device/product')), entry(Device)])).meta({
  phi: true,
});
export type DeviceRecord = z.infer<typeof DeviceRecord>;

/** A drug was given: one administration for each place. */
export const DrugRecord = bundle(
  z.tuple(
    [entry(procedure('Medication/product')), entry(Medication), entry(Administration)],
    entry(Administration),
  ),
).meta({ phi: true });

export type DrugRecord = z.infer<typeof DrugRecord>;

/** UDI as people read it below the barcode: GTIN, expiry, lot, serial. */
export function udiText(gtin: string, lot: string, serial: string, expires?: string): string {
  const date = expires ? `(17)${expires.replaceAll('-', '').slice(2)}` : '';
  return `(01)${gtin}${date}(10)${lot}(21)${serial}`;
}

/** GS1 Digital Link of one unit. */
export function unitLink(gtin: string, serial: string): string {
  return `https://id.gs1.org/01/${gtin}/21/${encodeURIComponent(serial)}`;
}

export const zoneConcept = (zone: string) => ({ coding: [{ system: `${SYSTEM}/zone`, code: zone }] });
export const quantity = (value: number, unit: string) => ({
  value,
  unit,
  system: 'http://unitsofmeasure.org',
  code: Object.hasOwn(UNITS, unit) ? UNITS[unit as Unit] : unit,
});
export const fullUrl = (type: string, id: string) => `${BASE}/${type}/${id}`;
