/** Paid checks on a device: a clinic asks, a drawn verifier answers, anybody at a desk contests, the authority withdraws. */
import {
  type Attestation,
  attestationTypedData,
  clinicCommitment,
} from '@zhenmei/contracts/deploy/verification.ts';
import { ProviderVerificationAbi, SettlementUnitAbi } from '@zhenmei/contracts/generated/abis.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { type Hex, keccak256, toHex0x, toSeconds, utf8 } from '@zhenmei/kernel';
import {
  type AnswerBody,
  digestOf,
  failedBits,
  type Source,
  type Statement,
} from '@zhenmei/money/core/verification-papers.ts';
import { verificationApi } from '@zhenmei/money/verification-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData } from 'viem';
import { type Desk, operate, signForAccount } from './desk.ts';

export interface CheckSeat {
  readonly desk: Desk;
  /** 32 bytes of this device: its numbers for draws and its salts follow from them. */
  readonly secret: Uint8Array;
}

const bookOf = async (desk: Desk): Promise<Hex> =>
  (await desk.api.call(houseApi.readConfig)).contracts.ProviderVerification!;
const numberOf = ({ secret }: CheckSeat, what: string): Hex =>
  toHex0x(keccak256(new Uint8Array([...secret, ...utf8(`zhenmei/check/${what}`)])));
async function onBook(desk: Desk, functionName: string, args: readonly unknown[]): Promise<void> {
  const data = encodeFunctionData({ abi: ProviderVerificationAbi, functionName, args } as never);
  await operate(desk, [{ to: await bookOf(desk), data }]);
}

export const clinicCheck = ({ desk }: CheckSeat) => desk.api.call(verificationApi.clinicCheck);

/** Asks and pays: one confirmation of the passkey. Throws CHAIN_REVERTED if the fee is not there. */
export async function askForCheck(seat: CheckSeat, statement: Statement): Promise<void> {
  const { subject } = await seat.desk.api.call(verificationApi.leaveStatement, {
    body: statement,
  });
  const commitment = clinicCommitment(seat.desk.account, numberOf(seat, `draw/${subject}`));
  await onBook(seat.desk, 'ask', [subject, commitment]);
}

/** Opens this device's number for the draw when it is its turn; nothing to confirm. */
export async function keepUpWithCheck(seat: CheckSeat): Promise<boolean> {
  const { task, subject } = await clinicCheck(seat);
  if (task?.phase !== 'opening' || !subject) return false;
  await seat.desk.api.call(verificationApi.openCheckSecret, {
    body: { id: task.id, secret: numberOf(seat, `draw/${subject}`) },
  });
  return true;
}

export const verifierDesk = ({ desk }: CheckSeat) => desk.api.call(verificationApi.verifierDesk);
export const readTask = ({ desk }: CheckSeat, id: string) =>
  desk.api.call(verificationApi.readTask, { params: { id } });

export interface Findings {
  readonly failed: readonly Source[];
  readonly pages: AnswerBody['pages'];
  /** Milliseconds; when the sources were read. */
  readonly at: number;
}

/** Signs an answer and commits to it: two confirmations of the passkey. It is opened with the others'. */
export async function answerTask(seat: CheckSeat, id: string, findings: Findings): Promise<void> {
  const { desk } = seat;
  const { task } = await readTask(seat, id);
  const contract = await bookOf(desk);
  const salt = numberOf(seat, `answer/${contract}/${id}/${task.round}`);
  const answer = {
    failed: failedBits(findings.failed),
    checkedOn: toSeconds(findings.at),
    pages: findings.pages.map((page) => ({ ...page })),
  };
  const message: Attestation = {
    task: BigInt(id),
    round: task.round,
    verifier: desk.account,
    subject: task.subject,
    failed: answer.failed,
    checkedOn: answer.checkedOn,
    evidence: digestOf(answer.pages, salt),
  };
  const signature = await signForAccount(
    desk,
    attestationTypedData(desk.chainId, contract, message) as never,
  );
  const { commitment } = await desk.api.call(verificationApi.leaveAnswer, {
    params: { id },
    body: { answer, salt, signature },
  });
  await onBook(desk, 'commitAnswer', [BigInt(id), commitment]);
}

/** Contests a result with a deposit. One confirmation of the passkey. */
export async function contestCheck(desk: Desk, id: string, text: string): Promise<void> {
  const { digest } = await desk.api.call(verificationApi.leaveGrounds, { params: { id }, body: { text } });
  await onBook(desk, 'challenge', [BigInt(id), digest]);
}

export const readUnused = ({ api }: Desk) => api.call(verificationApi.readUnused);

/** Has sent back what was paid in and not used, to where it came from. One confirmation of the passkey. */
export async function giveUnusedBack(desk: Desk): Promise<void> {
  const [{ payments }, { contracts }] = await Promise.all([
    readUnused(desk),
    desk.api.call(houseApi.readConfig),
  ]);
  const calls = payments.map(({ payment, amount }) => ({
    to: contracts.SettlementUnit!,
    data: encodeFunctionData({
      abi: SettlementUnitAbi,
      functionName: 'giveBack',
      args: [payment, BigInt(amount)],
    }),
  }));
  if (calls.length > 0) await operate(desk, calls);
}

/**
 * The authority: a register changed, so the result no longer stands, and neither does its certificate. One confirmation
 * of the passkey.
 */
export async function revokeCheck(desk: Desk, check: StandingCheck): Promise<void> {
  const certificate = await certificateOf(desk, check);
  await onBook(desk, 'revoke', [BigInt(check.id)]);
  if (certificate)
    await desk.api.call(registerApi.changeEntry, {
      params: { id: certificate.id },
      body: { state: 'revoked', reason: { zh: '登记机关的信息变了', en: 'A register changed' } },
    });
}

export interface StandingCheck {
  readonly id: string;
  readonly organisationId: string | null;
  readonly clinic: { readonly zh: string; readonly en: string };
  readonly checkedOn: string | null;
  readonly sources: readonly Source[];
  readonly until: string | null;
}

/** The certificate that the authority gave for this result, if it did and it is still good. */
export async function certificateOf({ api }: Desk, check: StandingCheck) {
  if (!check.organisationId) return null;
  const { entries } = await api.call(registerApi.readRegister, { query: { subject: check.organisationId } });
  return (
    entries.find(
      ({ kind, claims, state }) => kind === 'providerCheck' && claims.task === check.id && state === 'valid',
    ) ?? null
  );
}

/** The authority certifies a result that stands, until its year is over. Once. */
export async function certifyCheck(desk: Desk, check: StandingCheck): Promise<void> {
  if (!check.organisationId || (await certificateOf(desk, check))) return;
  await desk.api.call(registerApi.enter, {
    body: {
      kind: 'providerCheck',
      claims: {
        subject: check.organisationId,
        name: { ...check.clinic },
        task: check.id,
        checkedOn: check.checkedOn!.slice(0, 10),
        sources: [...check.sources],
      },
      expires: check.until!,
    },
  });
}
