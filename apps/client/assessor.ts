/** An assessor's device: the key for papers, and votes that are sealed first and opened later. */
import { AssessorPanelAbi, AssessorPoolAbi } from '@zhenmei/contracts/generated/abis.ts';
import {
  derive,
  fromBase64,
  fromBase64Url,
  fromUtf8,
  type Hex,
  keccak256,
  strictJson,
  toHex0x,
  utf8,
} from '@zhenmei/kernel';
import { FINDINGS, type Finding } from '@zhenmei/money/core/panel-math.ts';
import { isClaimPanel, panelNumber, voteCommitment } from '@zhenmei/money/core/panel-words.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { openSealed, sealKeys } from '@zhenmei/vault/core/seal.ts';
import { encodeFunctionData, pad } from 'viem';
import { picturePurpose } from './claim-panel.ts';
import { type Desk, operate } from './desk.ts';
import { paperPurpose } from './dispute.ts';

export interface Assessor {
  readonly desk: Desk;
  /** 32 bytes of this device: its key for papers and the salts of its votes follow from them. */
  readonly secret: Uint8Array;
}

const keysOf = ({ secret }: Assessor) => sealKeys(derive(secret, 'zhenmei/assessor/seal'));

/** Papers are sealed to this device from now on. */
export async function announce(assessor: Assessor): Promise<void> {
  await assessor.desk.api.call(disputeApi.announceKey, { body: { sealKey: keysOf(assessor).publicKey } });
}

export const assessorDesk = ({ desk }: Assessor) => desk.api.call(disputeApi.assessorDesk);

export interface OpenedPaper {
  readonly by: 'patient' | 'clinic';
  /** Null if it was sealed to another device. */
  readonly statement: string | null;
}

export interface ShownPicture {
  readonly mime: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}
/** Two pictures to grade; null pictures were sealed to another device. An answer holds where no pictures came. */
export type OpenedPlace =
  | { readonly left: ShownPicture | null; readonly right: ShownPicture | null }
  | { readonly answer: number };

/** A case with its papers and pictures opened on this device. */
export async function openCase(assessor: Assessor, panel: string) {
  const read = await assessor.desk.api.call(disputeApi.readCase, { params: { panel } });
  const { secretKey } = keysOf(assessor);
  const place = { id: panel, round: read.case.round };
  const purpose = paperPurpose(place, assessor.desk.account);
  const papers: OpenedPaper[] = [];
  for (const { by, sealed } of read.papers) {
    const text = await openSealed(secretKey, sealed, purpose).catch(() => null);
    const said = text && (JSON.parse(new TextDecoder().decode(text)) as { statement?: unknown });
    papers.push({ by, statement: typeof said?.statement === 'string' ? said.statement : null });
  }
  const { pictures } = read;
  const pair = pictures?.sealed
    ? await openPair(secretKey, pictures.sealed, picturePurpose(place, assessor.desk.account))
    : null;
  const shown = (one: { sealed: 'a' | 'b' } | { mime: string; bytes: string }): ShownPicture | null =>
    'sealed' in one ? (pair?.[one.sealed] ?? null) : { mime: one.mime, bytes: fromBase64(one.bytes) };
  return {
    ...read,
    papers,
    pictures: pictures && {
      scale: pictures.scale,
      promisedBy: pictures.promisedBy,
      come: pictures.sealed !== null,
      places: pictures.places.map(
        (one): OpenedPlace =>
          'answer' in one ? { answer: one.answer } : { left: shown(one.left), right: shown(one.right) },
      ),
    },
  };
}

async function openPair(secretKey: Uint8Array, sealed: string, purpose: string) {
  const text = await openSealed(secretKey, sealed, purpose).catch(() => null);
  if (!text) return null;
  const { a, b } = strictJson(fromUtf8(text)) as { a: string; b: string };
  const picture = (encoded: string): ShownPicture => {
    const bytes = fromBase64Url(encoded);
    const mime = bytes[0] === 0x89 ? 'image/png' : bytes[0] === 0x52 ? 'image/webp' : 'image/jpeg';
    return { mime, bytes };
  };
  return { a: picture(a), b: picture(b) };
}

interface Place {
  readonly panelId: string;
  readonly round: number;
}

/** What an assessor answers: to the papers, and to the four places where pictures are shown. */
export interface Opinion {
  readonly finding: Finding;
  /** Packed as the panel counts them; 0 without pictures. */
  readonly scores: number;
}

const saltOf = ({ secret }: Assessor, { panelId, round }: Place): Hex =>
  toHex0x(keccak256(new Uint8Array([...secret, ...utf8(`zhenmei/assessor/vote/${panelId}/${round}`)])));

/** Seals a vote. One confirmation of the passkey. */
export async function commitVote(assessor: Assessor, place: Place, opinion: Opinion): Promise<void> {
  const { account } = assessor.desk;
  const commitment = voteCommitment(
    { panel: place.panelId, round: place.round, assessor: account },
    opinion,
    saltOf(assessor, place),
  );
  await onPanel(assessor, place, 'commitVote', [panelNumber(place.panelId), commitment]);
}

/** Opens the vote that was sealed. One confirmation of the passkey. */
export async function revealVote(
  assessor: Assessor,
  place: Place,
  { finding, scores }: Opinion,
): Promise<void> {
  const args = [panelNumber(place.panelId), FINDINGS.indexOf(finding), scores, saltOf(assessor, place)];
  await onPanel(assessor, place, 'revealVote', args);
}

async function onPanel(
  { desk }: Assessor,
  { panelId }: Place,
  functionName: 'commitVote' | 'revealVote',
  args: readonly unknown[],
): Promise<void> {
  const { contracts } = await desk.api.call(houseApi.readConfig);
  const data = encodeFunctionData({ abi: AssessorPanelAbi, functionName, args: args as never });
  const to = isClaimPanel(panelId) ? contracts.GuaranteePanel! : contracts.AssessorPanel!;
  await operate(desk, [{ to, data }]);
}

/** Puts what was paid in into the own purse. One confirmation of the passkey. */
export const depositBond = ({ desk }: Assessor, amount: bigint): Promise<void> =>
  onPool(desk, 'fundFor', [pad(desk.account, { size: 32 }), amount]);

/** Takes out of the own purse; the custodian pays it out. Not while seated. One confirmation of the passkey. */
export const withdrawBond = ({ desk }: Assessor, amount: bigint): Promise<void> =>
  onPool(desk, 'withdraw', [pad(desk.account, { size: 32 }), amount]);

/** The authority lets an assessor be drawn until `until` (seconds), or ends it. One confirmation of the passkey. */
export const admitAssessor = (desk: Desk, account: Hex, tags: readonly Hex[], until: number): Promise<void> =>
  onPool(desk, 'admit', [account, tags, until]);
export const dismissAssessor = (desk: Desk, account: Hex): Promise<void> =>
  onPool(desk, 'dismiss', [account]);
/** Says which city and institution a clinic belongs to, so that no neighbour judges it. */
export const tagClinic = (desk: Desk, account: Hex, tags: readonly Hex[]): Promise<void> =>
  onPool(desk, 'tag', [account, tags]);

async function onPool(
  desk: Desk,
  functionName: 'fundFor' | 'withdraw' | 'admit' | 'dismiss' | 'tag',
  args: readonly unknown[],
): Promise<void> {
  const { contracts } = await desk.api.call(houseApi.readConfig);
  const data = encodeFunctionData({ abi: AssessorPoolAbi, functionName, args: args as never });
  await operate(desk, [{ to: contracts.AssessorPool!, data }]);
}
