/**
 * The proof of a unit, checked from one file with one trust file, without network. The app's page, the saved page and
 * `zhenmei verify` all call this function.
 */

import { unitRootFrom } from '@zhenmei/client/unit-tree.ts';
import {
  anchorRootSlot,
  anchorSizeSlot,
  lotRootSlot,
  lotSlot,
  readAnchor,
  readLot,
  readUnit,
  unitSlot,
} from '@zhenmei/contracts/deploy/slots.ts';
import type { TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { jwkPoint, type PublicJwk } from '@zhenmei/identity/core/jwk.ts';
import { readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { statusReference } from '@zhenmei/identity/core/status-check.ts';
import {
  AppError,
  canonicalJson,
  concat,
  equalBytes,
  fromHex,
  fromUtf8,
  type Hex,
  keccak256,
  strictJson,
  toHex0x,
  toSeconds,
  utf8,
} from '@zhenmei/kernel';
import { EpcisEvent, eventLeafText, eventLeafType } from '@zhenmei/provenance/core/events.ts';
import { masterOf } from '@zhenmei/provenance/core/master.ts';
import { inForce, noticeText, readNotice, warningOf } from '@zhenmei/provenance/core/notice.ts';
import { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { UnitProof, unitProofDigest } from '@zhenmei/provenance/core/unit-proof.ts';
import { judge, type Verdict } from '@zhenmei/provenance/core/verdict.ts';
import { type ProvenState, provenState } from './chain.ts';
import { mustBeRegistered, mustHold, trustedIssuers } from './issuers.ts';
import { type ProvenLog, placeIn, trustedLog } from './log.ts';
import { at, CannotJudge, type ProofResult, prove, result } from './result.ts';

export const UNIT_PARTS = ['file', 'log', 'events', 'lot', 'registry', 'approval', 'notices'] as const;
export type UnitPart = (typeof UNIT_PARTS)[number];

export interface UnitVerification {
  readonly proofs: Readonly<Record<UnitPart, ProofResult>>;
  /** What the proven records say of the unit; null while something is false. */
  readonly verdict: Verdict | null;
  readonly unit: string | null;
  /** 0 proven and no contradiction, 1 something is false or the verdict is red, 2 something cannot be judged. */
  readonly exit: 0 | 1 | 2;
}

export interface UnitInput {
  /** The file's bytes. */
  readonly bytes: Uint8Array;
  readonly trust: TrustFile;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Hashes of blocks as a node of one's own choice tells them. */
  readonly blocks?: ReadonlyMap<number, Hex>;
}

const LIMIT = 20_000_000;
const id = (link: string): Hex => toHex0x(keccak256(utf8(link)));

/** Never throws for a bad file: every problem is a named answer. */
export async function verifyUnitProof(input: UnitInput): Promise<UnitVerification> {
  let proof: UnitProof;
  try {
    proof = read(input.bytes);
    if (proof.chainId !== input.trust.chain.id) throw new AppError('PROOF_OTHER_CHAIN');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return unreadable(error);
  }
  const course: Course = { proof, ...input, blocks: input.blocks ?? null };
  const log = await prove(() => checkLog(course), '/log');
  const events = await prove(() => checkEvents(course), '/events');
  const approval = await prove(() => checkApproval(course), '/authorisation');
  const lot = await prove(() => checkLot(course), '/lotPath');
  const notices = await prove(() => checkNotices(course), '/notices');
  const registry = await prove(() => checkRegistry(course), '/chain');
  const found = { log, events, lot, registry, approval, notices };
  const file = await prove(
    async () => {
      if (unitProofDigest(proof) !== proof.digest) throw new AppError('PROOF_CHANGED');
      return result('proven', 'FILE_WHOLE');
    },
    Object.values(found).find(({ verdict }) => verdict === 'false')?.place ?? '/digest',
  );
  const proofs = { file, ...found };
  const verdict = Object.values(proofs).some((one) => one.verdict === 'false') ? null : judged(course);
  return { proofs, verdict, unit: proof.unit, exit: exitOf(proofs, verdict) };
}

function read(bytes: Uint8Array): UnitProof {
  if (bytes.length > LIMIT) throw new AppError('PROOF_UNREADABLE');
  let text: string;
  let json: ReturnType<typeof strictJson>;
  try {
    text = fromUtf8(bytes).replace(/\n$/, '');
    json = strictJson(text);
  } catch (cause) {
    throw new AppError('PROOF_UNREADABLE', {}, { cause });
  }
  if (canonicalJson(json) !== text) throw new AppError('PROOF_NOT_CANONICAL');
  const parsed = UnitProof.safeParse(json);
  if (!parsed.success)
    throw new AppError('PROOF_FORMAT', {
      path: `/${parsed.error.issues[0]?.path.map(String).join('/') ?? ''}`,
    });
  return parsed.data;
}

/** What one check leaves for the next; nothing is used that was not proven. */
interface Course {
  readonly proof: UnitProof;
  readonly trust: TrustFile;
  readonly now: number;
  readonly blocks: ReadonlyMap<number, Hex> | null;
  state?: ProvenState;
  log?: ProvenLog;
  events?: readonly EpcisEvent[];
  product?: ProductBody;
  maker?: PublicJwk | null;
}

async function checkLog(course: Course): Promise<ProofResult> {
  const { proof, trust } = course;
  course.state = provenState(
    at('/chain', () => proof.chain),
    { trust, blocks: course.blocks },
  );
  course.log = at('/log/checkpoint', () => trustedLog(proof.log.checkpoint, proof.log.origin, trust));
  const origin = id(proof.log.origin);
  const { state, log } = course;
  const root = state.word('LogAnchor', anchorRootSlot(origin));
  const { size } = readAnchor(state.word('LogAnchor', anchorSizeSlot(origin)));
  if (size !== log.size || root !== BigInt(toHex0x(log.root))) throw new AppError('LOG_NOT_ANCHORED');
  return result('proven', 'LOG_PROVEN', {
    grade: state.grade,
    facts: { size: log.size, block: state.block.number, at: new Date(state.block.time).toISOString() },
  });
}

function needed<T>(value: T | undefined): T {
  if (value === undefined) throw new CannotJudge('PART_NOT_PROVEN');
  return value;
}

/** Corrections are leaves of a type of their own; those of the first version stand among the events. */
function placeEvent(
  log: Parameters<typeof placeIn>[0],
  event: EpcisEvent,
  index: number,
  path: Parameters<typeof placeIn>[3],
): void {
  const type = eventLeafType(event);
  const leaf = (as: number) => concat(Uint8Array.of(as), utf8(eventLeafText(event)));
  try {
    placeIn(log, leaf(type), index, path);
  } catch (error) {
    if (type === 0x01) throw error;
    placeIn(log, leaf(0x01), index, path);
  }
}

async function checkEvents(course: Course): Promise<ProofResult> {
  const { proof } = course;
  const log = needed(course.log);
  const seen = new Set<number>();
  course.events = proof.events.map(({ event, index, path }, i) =>
    at(`/events/${i}`, () => {
      const read = EpcisEvent.safeParse(event);
      if (!read.success) throw new AppError('PRODUCT_EVENT_DIFFERS');
      if (seen.has(index)) throw new AppError('EVENT_REPEATED');
      seen.add(index);
      placeEvent(log, read.data, index, path);
      return read.data;
    }),
  );
  const names = (event: EpcisEvent) => [...(event.epcList ?? []), ...(event.childEPCs ?? [])];
  if (!course.events.some((event) => names(event).includes(proof.unit)))
    throw new AppError('EVENT_OF_ANOTHER');
  return result('proven', 'EVENTS_PROVEN', {}, { count: proof.events.length });
}

async function checkLot(course: Course): Promise<ProofResult> {
  const { proof } = course;
  const state = needed(course.state);
  const root = state.word('UnitRegistry', lotRootSlot(id(proof.lot)));
  if (root === 0n) throw new CannotJudge('LOT_NOT_PUBLISHED');
  if (root !== BigInt(unitRootFrom(proof.unit, proof.lotPath))) throw new AppError('UNIT_NOT_IN_LOT');
  const lot = readLot(state.word('UnitRegistry', lotSlot(id(proof.lot))));
  return result('proven', 'LOT_PROVEN', {
    grade: state.grade,
    facts: { lot: proof.lot, maker: lot.maker, blocked: lot.blocked },
  });
}

async function checkApproval(course: Course): Promise<ProofResult> {
  const { proof, trust } = course;
  const state = needed(course.state);
  const { authorisation, statusList } = proof;
  if (authorisation === null) throw new CannotJudge('APPROVAL_MISSING');
  const named = at('/authorisation', () => statusReference(readSdJwt(authorisation).claims));
  if ((named?.uri ?? null) !== (statusList?.uri ?? null))
    at('/statusList', () => {
      throw new AppError('STATUS_LIST_OTHER');
    });
  const held = await mustHold(authorisation, {
    at: toSeconds(state.block.time),
    issuers: trustedIssuers(trust),
    statusLists: statusList ? { [statusList.uri]: statusList.token } : {},
    type: CREDENTIAL_TYPES.productAuthorisation,
    emptyDigests: true,
  });
  mustBeRegistered(state, held);
  const body = ProductBody.safeParse(held.claims);
  if (!body.success || !proof.unit.startsWith(`https://id.gs1.org/01/${body.data.gtin}/21/`))
    throw new AppError('PRODUCT_NOT_AUTHORISED', { code: 'OTHER_PRODUCT' });
  course.product = body.data;
  course.maker = held.result.holder;
  return result('proven', 'APPROVAL_PROVEN', {
    facts: { registration: body.data.registration, name: body.data.name.zh },
  });
}

async function checkNotices(course: Course): Promise<ProofResult> {
  const { proof, trust } = course;
  const log = needed(course.log);
  const gtin = /\/01\/(\d{14})\//.exec(proof.unit)?.[1];
  const known = [
    ...(course.maker ? [jwkPoint(course.maker)] : []),
    ...trustedIssuers(trust).flatMap(({ keys }) => keys.map(({ jwk }) => jwkPoint(jwk))),
  ];
  let unknown = false;
  for (const [i, { signed, index, path }] of proof.notices.entries())
    at(`/notices/${i}`, () => {
      readNotice(signed);
      if (signed.notice.gtin !== gtin) throw new AppError('NOTICE_OF_ANOTHER');
      placeIn(log, concat(Uint8Array.of(0x05), utf8(noticeText(signed))), index, path);
      unknown ||= !known.some((point) => equalBytes(point, fromHex(signed.key)));
    });
  if (unknown) throw new CannotJudge('NOTICE_SIGNER_UNKNOWN');
  const count = proof.notices.length;
  return result('proven', count === 0 ? 'NOTICES_NONE' : 'NOTICES_PROVEN', {}, { count });
}

/** The chain opened it no more often than the events say, and the other way round. */
async function checkRegistry(course: Course): Promise<ProofResult> {
  const { proof } = course;
  const state = needed(course.state);
  const events = needed(course.events);
  const unit = readUnit(state.word('UnitRegistry', unitSlot(id(proof.unit))));
  const uses = events.filter(
    (event) => event.bizStep === 'dispensing' && event.epcList?.includes(proof.unit),
  );
  if (unit.openings !== uses.length) throw new AppError('CHAIN_STATE_DIFFERS', { what: 'openings' });
  return result(
    'proven',
    'REGISTRY_PROVEN',
    { grade: state.grade, facts: { openings: unit.openings, used: unit.used } },
    { openings: unit.openings },
  );
}

/** The verdict made again from what was proven. A lot that the chain blocks is recalled, whatever else is said. */
function judged({ proof, state, events, product }: Course): Verdict | null {
  if (!state || !events || !product) return null;
  const verdict = judge({
    now: state.block.time,
    master: masterOf(product),
    parties: [],
    events,
    warnings: inForce(proof.notices.map(({ signed }) => signed)).map(warningOf),
    unit: proof.unit,
    label: {},
    purpose: 'public',
  });
  const { blocked } = readLot(state.word('UnitRegistry', lotSlot(id(proof.lot))));
  if (!blocked || verdict.reasons.some(({ code }) => code === 'RECALLED_LOT')) return verdict;
  const others = verdict.reasons.filter(({ code }) => code !== 'CONSISTENT');
  return { ...verdict, level: 'red', reasons: [{ code: 'RECALLED_LOT' }, ...others] };
}

function unreadable(error: AppError): UnitVerification {
  const { code, params } = error;
  const place =
    typeof params.path === 'string' ? params.path : code === 'PROOF_OTHER_CHAIN' ? '/chainId' : '';
  const proofs = Object.fromEntries(
    UNIT_PARTS.map((part) => [
      part,
      part === 'file' ? result('false', code, { place }, params) : result('cannot-judge', code, {}, params),
    ]),
  ) as Record<UnitPart, ProofResult>;
  return { proofs, verdict: null, unit: null, exit: 1 };
}

function exitOf(proofs: Readonly<Record<UnitPart, ProofResult>>, verdict: Verdict | null): 0 | 1 | 2 {
  const verdicts = Object.values(proofs).map((one) => one.verdict);
  if (verdicts.includes('false') || verdict?.level === 'red') return 1;
  return verdicts.includes('cannot-judge') || verdict?.level !== 'green' ? 2 : 0;
}
