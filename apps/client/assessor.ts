/** An assessor's device: the key for papers, and votes that are sealed first and opened later. */
import { AssessorPanelAbi } from '@zhenmei/contracts/generated/abis.ts';
import { derive, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import { FINDINGS, type Finding } from '@zhenmei/money/core/panel-math.ts';
import { voteCommitment } from '@zhenmei/money/core/panel-words.ts';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { openSealed, sealKeys } from '@zhenmei/vault/core/seal.ts';
import { encodeFunctionData } from 'viem';
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

/** A case with its papers opened on this device. */
export async function openCase(assessor: Assessor, panel: string) {
  const read = await assessor.desk.api.call(disputeApi.readCase, { params: { panel } });
  const { secretKey } = keysOf(assessor);
  const purpose = paperPurpose({ id: panel, round: read.case.round }, assessor.desk.account);
  const papers: OpenedPaper[] = [];
  for (const { by, sealed } of read.papers) {
    const text = await openSealed(secretKey, sealed, purpose).catch(() => null);
    const said = text && (JSON.parse(new TextDecoder().decode(text)) as { statement?: unknown });
    papers.push({ by, statement: typeof said?.statement === 'string' ? said.statement : null });
  }
  return { ...read, papers };
}

interface Place {
  readonly panelId: string;
  readonly round: number;
}

const saltOf = ({ secret }: Assessor, { panelId, round }: Place): Hex =>
  toHex0x(keccak256(new Uint8Array([...secret, ...utf8(`zhenmei/assessor/vote/${panelId}/${round}`)])));

/** Seals a vote. One confirmation of the passkey. */
export async function commitVote(assessor: Assessor, place: Place, finding: Finding): Promise<void> {
  const { account } = assessor.desk;
  const commitment = voteCommitment(
    { panel: place.panelId, round: place.round, assessor: account },
    { finding, scores: 0 },
    saltOf(assessor, place),
  );
  await onPanel(assessor, 'commitVote', [BigInt(place.panelId), commitment]);
}

/** Opens the vote that was sealed. One confirmation of the passkey. */
export async function revealVote(assessor: Assessor, place: Place, finding: Finding): Promise<void> {
  const args = [BigInt(place.panelId), FINDINGS.indexOf(finding), 0, saltOf(assessor, place)];
  await onPanel(assessor, 'revealVote', args);
}

async function onPanel(
  { desk }: Assessor,
  functionName: 'commitVote' | 'revealVote',
  args: readonly unknown[],
): Promise<void> {
  const { contracts } = await desk.api.call(houseApi.readConfig);
  const data = encodeFunctionData({ abi: AssessorPanelAbi, functionName, args: args as never });
  await operate(desk, [{ to: contracts.AssessorPanel!, data }]);
}
