/** A clinic's device at its shelf: what it states about stock and devices, signed and sent. */
import type { DeviceClass, InspectionKind } from '@zhenmei/care/core/device.ts';
import { type StatementKind, statementDigest } from '@zhenmei/care/core/statement.ts';
import type { RequestKind } from '@zhenmei/care/core/stock-requests.ts';
import type { GoodsInView, RequestView, ScanBody } from '@zhenmei/care/core/stock-views.ts';
import { deviceApi } from '@zhenmei/care/device-api.ts';
import { stockApi } from '@zhenmei/care/stock-api.ts';
import { type Hex, newId, noneFor, toHex0x } from '@zhenmei/kernel';
import { provenanceApi } from '@zhenmei/provenance/api.ts';
import { type EpcisEvent, eventDigest } from '@zhenmei/provenance/core/events.ts';
import type { Clinic } from './clinic.ts';
import type { Desk } from './desk.ts';
import { stateSigned } from './hand-over.ts';

/** A scan as it is kept until it is delivered. */
export type SignedScan = ScanBody;
type Signed<T> = T & { readonly signature: Hex };
/** What of a clinic's device its shelf needs. */
type Shelf = Pick<Clinic, 'desk' | 'now' | 'random'>;

async function signed<T extends object>(desk: Desk, kind: StatementKind, body: T): Promise<Signed<T>> {
  const signature = toHex0x(await desk.device.sign(statementDigest(kind, desk.organisationId, body)));
  return { ...body, signature };
}

const freshId = (clinic: Shelf): string => newId(clinic.now(), clinic.random(10));
const at = (clinic: Shelf): string => new Date(clinic.now()).toISOString();

/** What was scanned, by whom and when: signed on the device, also without network. */
export function signScan(
  clinic: Shelf,
  scan: Pick<SignedScan, 'code' | 'person'> & { readonly reading?: SignedScan['reading'] },
): Promise<SignedScan> {
  const { code, person, reading = null } = scan;
  return signed(clinic.desk, 'goods-in', { id: freshId(clinic), code, at: at(clinic), person, reading });
}

/**
 * Delivers a scan, and signs the receipts that the house states for it; the same one again gets the same answer.
 * Goods that may not go where they came to are received all the same, without a signature.
 */
export async function sendScan(desk: Desk, scan: SignedScan): Promise<GoodsInView[]> {
  const sent = { body: scan, key: `goods-in-${scan.id}` };
  const { answers } = await desk.api.call(stockApi.receiveGoods, sent);
  const standing = answers.filter(({ undone }) => !undone);
  for (const digest of new Set(standing.flatMap(({ events }) => events))) {
    const { says } = await desk.api.call(provenanceApi.readSignatures, { params: { digest } });
    const units = standing.flatMap(({ events, unit }) => (unit && events.includes(digest) ? [unit] : []));
    const receipt = says as unknown as EpcisEvent | null;
    if (receipt && receives(receipt, { digest, units, at: scan.at }))
      await stateSigned({ desk }, receipt).catch(noneFor('SUPPLY_REFUSED', 'GOODS_LOCKED'));
  }
  return answers;
}

/** Does it say of just these units that they arrived when they were scanned? A device signs nothing else. */
function receives(event: EpcisEvent, scan: { digest: Hex; units: readonly string[]; at: string }): boolean {
  return (
    event.bizStep === 'receiving' &&
    eventDigest(event) === scan.digest &&
    Date.parse(event.eventTime) === Date.parse(scan.at) &&
    event.epcList?.length === scan.units.length &&
    event.epcList.every((epc) => scan.units.includes(epc))
  );
}

export async function undoScan(clinic: Shelf, scan: string, person: string): Promise<GoodsInView[]> {
  const { scan: _, ...body } = await signed(clinic.desk, 'undo', { scan, at: at(clinic), person });
  return (await clinic.desk.api.call(stockApi.undoScan, { params: { scan }, body })).answers;
}

export interface Asking {
  readonly kind: RequestKind;
  readonly unit: string;
  readonly amount: number | null;
  readonly reason: string;
  readonly note: string;
  readonly person: string;
}

/** Asks for waste, release or loss, which a second person confirms on another device; a return is done at once. */
export async function askFor(clinic: Shelf, asking: Asking): Promise<RequestView> {
  const { kind, unit, amount, reason, note, person } = asking;
  const said = { id: freshId(clinic), kind, unit, amount, reason, note, person, at: at(clinic) };
  return clinic.desk.api.call(stockApi.ask, { body: await signed(clinic.desk, 'request', said) });
}

export async function confirmRequest(clinic: Shelf, id: string, person: string): Promise<RequestView> {
  const { id: _, ...body } = await signed(clinic.desk, 'confirm', { id, person, at: at(clinic) });
  return clinic.desk.api.call(stockApi.confirm, { params: { id }, body });
}

export async function startCount(clinic: Shelf, gtin: string | null, person: string): Promise<string> {
  const id = freshId(clinic);
  return (await clinic.desk.api.call(stockApi.startCount, { body: { id, gtin, person } })).id;
}

export const scanIntoCount = (clinic: Shelf, id: string, code: string) =>
  clinic.desk.api.call(stockApi.scanCount, { params: { id }, body: { code, at: at(clinic) } });

export async function closeCount(clinic: Shelf, id: string, person: string) {
  const { id: _, ...body } = await signed(clinic.desk, 'count', { id, person, at: at(clinic) });
  return clinic.desk.api.call(stockApi.closeCount, { params: { id }, body });
}

async function deviceAct<T extends object>(clinic: Shelf, act: string, body: T & { person: string }) {
  const said = { act, ...body, at: at(clinic) };
  const { act: _, ...sent } = await signed(clinic.desk, 'device', said);
  return sent;
}

export async function registerDevice(
  clinic: Shelf,
  device: { readonly unit: string; readonly deviceClass: DeviceClass | null; readonly person: string },
): Promise<void> {
  const { unit, deviceClass, person } = device;
  const body = await deviceAct(clinic, 'register', { unit, deviceClass, person });
  await clinic.desk.api.call(deviceApi.registerDevice, { body: body as never });
}

export async function fitPart(
  clinic: Shelf,
  fitting: { readonly console: string; readonly part: string; readonly on: boolean; readonly person: string },
): Promise<void> {
  const { console, part, on, person } = fitting;
  const body = await deviceAct(clinic, 'fit', { console, part, on, person });
  await clinic.desk.api.call(deviceApi.fitPart, { body: body as never });
}

export async function recordReading(
  clinic: Shelf,
  reading: { readonly unit: string; readonly value: number; readonly person: string },
): Promise<void> {
  const { unit, value, person } = reading;
  const body = await deviceAct(clinic, 'reading', { unit, value, person });
  await clinic.desk.api.call(deviceApi.recordReading, { body: body as never });
}

export interface Inspection {
  readonly clinicId: string;
  readonly unit: string;
  readonly kind: InspectionKind;
  readonly performedAt: string;
  readonly validUntil: string | null;
  readonly passed: boolean;
  readonly certificate: string;
  readonly inspector: string;
}

/** The result of an inspection, signed by the desk that records it: the clinic's or the maker's. */
export async function recordInspection(desk: Desk, inspection: Inspection): Promise<void> {
  const { clinicId, unit, kind, performedAt, validUntil, passed, certificate, inspector } = inspection;
  const said = { clinicId, unit, kind, performedAt, validUntil, passed, certificate, inspector };
  await desk.api.call(deviceApi.recordInspection, { body: await signed(desk, 'inspection', said) });
}
