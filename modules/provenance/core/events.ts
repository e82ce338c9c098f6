/**
 * EPCIS 2.0 events in JSON-LD as this house writes and accepts them: object events with Digital Link identifiers.
 * Field names are the standard's; `zm:` marks our extensions.
 */
import { canonicalJson, sha256, toHex0x, utf8, type Hex } from '@zhenmei/kernel';
import { z } from 'zod';

const Link = z.string().regex(/^https:\/\/id\.gs1\.org\/\S+$/).max(200);

export const BIZ_STEPS = ['commissioning', 'shipping', 'receiving', 'storing', 'dispensing', 'destroying', 'sensor_reporting', 'inspecting', 'holding'] as const;
export const DISPOSITIONS = ['active', 'in_transit', 'in_progress', 'dispensed', 'partially_dispensed', 'recalled', 'expired', 'damaged', 'stolen', 'destroyed'] as const;

const Party = z.object({ type: z.enum(['owning_party', 'possessing_party', 'location']), source: Link.optional(), destination: Link.optional() });

const SensorElement = z.object({
  sensorMetadata: z.object({ startTime: z.iso.datetime({ offset: true }).optional(), endTime: z.iso.datetime({ offset: true }).optional(), time: z.iso.datetime({ offset: true }).optional(), deviceID: z.string().max(200).optional() }).optional(),
  sensorReport: z.array(z.object({ type: z.string().max(60), minValue: z.number().optional(), maxValue: z.number().optional(), meanValue: z.number().optional(), value: z.number().optional(), uom: z.string().max(10).optional() })).min(1).max(100),
});

export const EpcisEvent = z.object({
  '@context': z.json().optional(),
  type: z.literal('ObjectEvent'),
  eventTime: z.iso.datetime({ offset: true }),
  eventTimeZoneOffset: z.string().regex(/^[+-]\d{2}:\d{2}$/),
  action: z.enum(['ADD', 'OBSERVE', 'DELETE']),
  epcList: z.array(Link).max(1000).optional(),
  quantityList: z.array(z.object({ epcClass: Link, quantity: z.number().optional() })).max(100).optional(),
  bizStep: z.enum(BIZ_STEPS),
  disposition: z.enum(DISPOSITIONS).optional(),
  readPoint: z.object({ id: Link }).optional(),
  bizLocation: z.object({ id: Link }).optional(),
  sourceList: z.array(Party).max(10).optional(),
  destinationList: z.array(Party).max(10).optional(),
  sensorElementList: z.array(SensorElement).max(50).optional(),
  ilmd: z.object({ lotNumber: z.string().max(20).optional(), itemExpirationDate: z.iso.date().optional() }).catchall(z.json()).optional(),
  'zm:procedureCommitment': z.string().max(100).optional(),
  'zm:amountUsed': z.number().positive().optional(),
  'zm:amountUnit': z.string().max(20).optional(),
  'zm:lot': Link.optional(),
});
export type EpcisEvent = z.infer<typeof EpcisEvent>;

/** The safe leaf digest: SHA-256 over canonical JSON. Identity of an event here; a repeat changes nothing. */
export function eventDigest(event: EpcisEvent): Hex {
  return toHex0x(sha256(utf8(canonicalJson(event))));
}

/** Text of the log leaf (type 01): the event itself, for custody facts are public. */
export function eventLeafText(event: EpcisEvent): string {
  return canonicalJson(event);
}
