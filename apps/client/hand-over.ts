/** Hand-overs: what leaves and what arrives is stated by each side and signed by its device. No passkey prompt. */
import { canonicalLink } from '@zhenmei/gs1/core/canonical-link.ts';
import { siteLink } from '@zhenmei/gs1/core/links.ts';
import { type Hex, toHex0x, toIso } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import type { JsonObject } from '@zhenmei/provenance/core/checks.ts';
import { HOUSE } from '@zhenmei/provenance/core/document.ts';
import { eventStatement } from '@zhenmei/provenance/core/event-signature.ts';
import { type EpcisEvent, eventDigest, type SensorElement } from '@zhenmei/provenance/core/events.ts';
import { normaliseEvent } from '@zhenmei/provenance/core/normalise.ts';
import type { Desk } from './desk.ts';

/** A device of an organisation at its site. */
export interface SupplyDesk {
  readonly desk: Pick<Desk, 'api' | 'device'>;
  readonly gln: string;
  now(): number;
}

export interface SignedEvent {
  /** In its one form, as it is stored and logged. */
  readonly event: EpcisEvent;
  readonly digest: Hex;
  readonly signature: Hex;
}

/** Brings an event into its one form and signs it with the device's key; whoever captures it can check both. */
export async function signEvent(desk: Pick<Desk, 'device'>, event: object): Promise<SignedEvent> {
  const plain = JSON.parse(JSON.stringify(event)) as JsonObject;
  const normal = normaliseEvent(plain, HOUSE, canonicalLink) as unknown as EpcisEvent;
  const digest = eventDigest(normal);
  return { event: normal, digest, signature: toHex0x(await desk.device.sign(eventStatement(digest))) };
}

/** Signs and captures. Throws ApiError with the server's code. */
export async function stateSigned({ desk }: Pick<SupplyDesk, 'desk'>, event: object): Promise<SignedEvent> {
  const signed = await signEvent(desk, event);
  await desk.api.call(provenanceApi.captureSigned, {
    body: { event: signed.event as never, signature: signed.signature },
  });
  return signed;
}

export interface Transfer {
  /** Addresses of units and containers. */
  readonly epcs: readonly string[];
  /** GLNs of who gives and who takes. */
  readonly from: string;
  readonly to: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly carrier?: string | undefined;
  /** Number of the despatch advice. */
  readonly reference?: string | undefined;
  /** What a logger on the way measured. */
  readonly sensors?: readonly SensorElement[] | undefined;
}

/** The device's own offset at that moment, e.g. `+08:00`. */
function offsetAt(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset();
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

function transferEvent(
  bizStep: 'shipping' | 'receiving',
  disposition: string,
  gln: string,
  transfer: Transfer,
) {
  const { epcs, from, to, at, carrier, reference, sensors } = transfer;
  const site = { id: siteLink(gln) };
  return {
    type: 'ObjectEvent',
    eventTime: toIso(at),
    eventTimeZoneOffset: offsetAt(at),
    action: 'OBSERVE',
    epcList: [...epcs],
    bizStep,
    disposition,
    readPoint: site,
    bizLocation: site,
    ...(reference
      ? { bizTransactionList: [{ type: 'desadv', bizTransaction: despatchAdvice(from, reference) }] }
      : {}),
    sourceList: [{ type: 'possessing_party', source: siteLink(from) }],
    destinationList: [{ type: 'possessing_party', destination: siteLink(to) }],
    ...(sensors && sensors.length > 0 ? { sensorElementList: [...sensors] } : {}),
    ...(carrier ? { 'zm:carrier': carrier } : {}),
  };
}

/** CBV 2.0 §8.5: a transaction as the party that gave it a number knows it. */
const despatchAdvice = (gln: string, reference: string): string =>
  `urn:epcglobal:cbv:bt:${gln}:${encodeURIComponent(reference)}`;

export const shippingEvent = (transfer: Transfer) =>
  transferEvent('shipping', 'in_transit', transfer.from, transfer);

export const receivingEvent = (transfer: Transfer) =>
  transferEvent('receiving', 'in_progress', transfer.to, transfer);

interface About {
  readonly gln: string;
  readonly epcs: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason?: string | undefined;
}

function statement(bizStep: string, disposition: string, { gln, epcs, at, reason }: About) {
  const site = { id: siteLink(gln) };
  return {
    type: 'ObjectEvent',
    eventTime: toIso(at),
    eventTimeZoneOffset: offsetAt(at),
    action: bizStep === 'destroying' ? 'DELETE' : 'OBSERVE',
    epcList: [...epcs],
    bizStep,
    disposition,
    readPoint: site,
    bizLocation: site,
    ...(reason ? { 'zm:reason': reason } : {}),
  };
}

/** Package and record differ: the units are kept apart until it is cleared up. */
export const mismatchEvent = (about: About) => statement('inspecting', 'mismatch_instance', about);

/** The units are destroyed; nothing more can happen to them. */
export const destroyingEvent = (about: About) => statement('destroying', 'destroyed', about);

/** The maker has judged readings out of range to be harmless, and says why. @param reports digests of their events */
export const releaseEvent = (about: About, reports: readonly Hex[]) => ({
  ...statement('inspecting', 'conformant', about),
  'zm:releases': [...reports],
});

/** A shipment that did not take place for these. */
export const voidShipping = (about: About) => {
  const { disposition: _, ...event } = statement('void_shipping', '', about);
  return event;
};

/** Takes back a statement of one's own; what was right is stated beside it as a new event. */
export function declareWrong(event: object, now: number, reason: 'did_not_occur' | 'incorrect_data') {
  return { ...event, errorDeclaration: { declarationTime: toIso(now), reason } };
}
