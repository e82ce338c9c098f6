/** A maker's or regulator's device publishes notices: signed with its own key, and on chain with the passkey. */
import { UnitRegistryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { lotLink } from '@zhenmei/gs1/core/links.ts';
import { AppError, type Hex, toHex0x } from '@zhenmei/kernel';
import { recallApi } from '@zhenmei/provenance/api.ts';
import {
  NOTICE_FORMAT,
  type Notice,
  noticeMessage,
  type SignedNotice,
} from '@zhenmei/provenance/core/notice.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import { ApiError } from './api.ts';
import { type Desk, sendOperation, signOperation } from './desk.ts';
import { unitId } from './unit-tree.ts';

export type Draft = Omit<Notice, 'format' | 'id' | 'issuer' | 'issuedAt'>;

export interface Published {
  readonly id: string;
  readonly seq: number;
  /** Lots that the ledger could not block now: not published there, or the ledger is away. */
  readonly waiting: readonly string[];
}

export interface NoticeIo {
  /** Milliseconds since the epoch. */
  now(): number;
  newId(): string;
}

async function signedBy(desk: Desk, gln: string, draft: Draft, io: NoticeIo): Promise<SignedNotice> {
  const notice: Notice = {
    format: NOTICE_FORMAT,
    id: io.newId(),
    issuer: gln,
    issuedAt: new Date(io.now()).toISOString(),
    ...draft,
  };
  const signature = toHex0x(await desk.device.sign(noticeMessage(notice) as Uint8Array<ArrayBuffer>));
  return { notice, key: toHex0x(desk.device.point), signature };
}

/**
 * Publishes a notice. A recall is confirmed with the passkey first (the signature over its block on chain), is public at
 * once, and is on chain a moment later: a ledger that is away holds no recall back.
 */
export async function publishNotice(desk: Desk, gln: string, draft: Draft, io: NoticeIo): Promise<Published> {
  const lotsOnChain = draft.kind === 'recall' && draft.serials.length === 0 ? draft.lots : [];
  const block = await signedBlocks(desk, draft.gtin, lotsOnChain);
  const signed = await signedBy(desk, gln, draft, io);
  const { id, seq } = await desk.api.call(recallApi.publishNotice, {
    body: signed as never,
    key: signed.notice.id,
  });
  const waiting = [...block.waiting];
  if (block.signed) {
    const sent = await sendOperation(desk, block.signed).catch(ledgerAway);
    if (!sent) waiting.push(...block.lots);
  }
  return { id, seq, waiting };
}

/** Blocks lots on chain that were recalled while the ledger was away. One passkey prompt. @returns lots that still wait */
export async function blockLots(
  desk: Desk,
  gtin: string,
  lots: readonly string[],
): Promise<readonly string[]> {
  const { signed, waiting } = await signedBlocks(desk, gtin, lots);
  if (!signed) return waiting;
  return (await sendOperation(desk, signed).catch(ledgerAway)) ? waiting : lots;
}

/** A regulator lets lots be opened again whose recall was withdrawn. One passkey prompt. */
export async function releaseLots(desk: Desk, gtin: string, lots: readonly string[]): Promise<void> {
  const { contracts } = await desk.api.call(houseApi.readConfig);
  const calls = lots.map((lot) => callOf(contracts.UnitRegistry!, 'releaseLot', gtin, lot));
  await sendOperation(desk, await signOperation(desk, calls));
}

const callOf = (to: Hex, functionName: 'blockLot' | 'releaseLot', gtin: string, lot: string) => ({
  to,
  data: encodeFunctionData({ abi: UnitRegistryAbi, functionName, args: [unitId(lotLink(gtin, lot))] }),
});

interface Blocks {
  readonly signed: Awaited<ReturnType<typeof signOperation>> | null;
  readonly lots: readonly string[];
  readonly waiting: readonly string[];
}

/** All lots in one operation; if the ledger does not know one of them, one after the other shows which. */
async function signedBlocks(desk: Desk, gtin: string, lots: readonly string[]): Promise<Blocks> {
  if (lots.length === 0) return { signed: null, lots: [], waiting: [] };
  const { contracts } = await desk.api.call(houseApi.readConfig);
  const call = (lot: string) => callOf(contracts.UnitRegistry!, 'blockLot', gtin, lot);
  const known: string[] = [];
  for (const lot of lots)
    if (await desk.api.call(houseApi.prepareOperation, { body: { calls: [call(lot)] } }).catch(ledgerAway))
      known.push(lot);
  const waiting = lots.filter((lot) => !known.includes(lot));
  if (known.length === 0) return { signed: null, lots: [], waiting };
  const signed = await signOperation(desk, known.map(call));
  return { signed, lots: known, waiting };
}

/** The ledger is away, or does not know the lot: not a reason to hold a recall back. Anything else is. */
function ledgerAway(error: unknown): null {
  const codes = ['CHAIN_UNAVAILABLE', 'CHAIN_REVERTED', 'NETWORK'];
  if (error instanceof ApiError && codes.includes(error.code)) return null;
  if (error instanceof AppError && codes.includes(error.code)) return null;
  throw error;
}
