/** Who checks clinics, on a device: asking, bond and pay; and the authority that admits, refuses and suspends. */
import { ProviderVerificationAbi } from '@zhenmei/contracts/generated/abis.ts';
import { DAY, type Hex, toSeconds } from '@zhenmei/kernel';
import { verifierApi } from '@zhenmei/money/verifier-api.ts';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { encodeFunctionData, pad } from 'viem';
import { type Desk, operate } from './desk.ts';

export const readPurse = ({ api }: Desk) => api.call(verifierApi.readPurse);
export type Purse = Awaited<ReturnType<typeof readPurse>>;

/** Throws CHECK_NOT_APPOINTED, CHECK_ADMISSION_STATE. */
export const askAdmission = ({ api }: Desk, about: string) =>
  api.call(verifierApi.askAdmission, { body: { about } });

/** Puts what was paid in into the own bond. One confirmation of the passkey. */
export const addToBond = (desk: Desk, amount: bigint): Promise<void> =>
  onBook(desk, 'bondFor', [desk.account, amount]);

/** Takes free bond out: it becomes due, and is paid out with all that is. Two confirmations of the passkey. */
export async function takeBondOut(desk: Desk, amount: bigint): Promise<void> {
  await onBook(desk, 'unbond', [amount]);
  await takeCreditOut(desk);
}

/** All that is due to this account leaves by the custodian. One confirmation of the passkey. */
export const takeCreditOut = (desk: Desk): Promise<void> =>
  onBook(desk, 'payOut', [pad(desk.account, { size: 32 })]);

export const readAdmissions = async ({ api }: Desk) => (await api.call(verifierApi.admissions)).verifiers;
export type AdmissionRow = Awaited<ReturnType<typeof readAdmissions>>[number];

/** Milliseconds for which somebody is admitted. */
const ADMITTED_FOR = 2 * 365 * DAY;

/** Admits, admits again, or lets back in. One confirmation of the passkey. @param now milliseconds */
export const admitVerifier = (desk: Desk, { account, tags }: AdmissionRow, now: number): Promise<void> =>
  onBook(desk, 'admit', [account, tags, toSeconds(now + ADMITTED_FOR)]);

/** Throws CHECK_ADMISSION_STATE. */
export const refuseVerifier = ({ api }: Desk, account: Hex, reason: string) =>
  api.call(verifierApi.decideAdmission, { params: { account }, body: { decision: 'refused', reason } });

/** Says why, and ends the entry: from then on it is not drawn. One confirmation of the passkey. */
export async function suspendVerifier(desk: Desk, account: Hex, reason: string): Promise<void> {
  const body = { decision: 'suspended', reason } as const;
  await desk.api.call(verifierApi.decideAdmission, { params: { account }, body });
  await onBook(desk, 'dismiss', [account]);
}

async function onBook(
  desk: Desk,
  functionName: 'admit' | 'dismiss' | 'bondFor' | 'unbond' | 'payOut',
  args: readonly unknown[],
): Promise<void> {
  const { contracts } = await desk.api.call(houseApi.readConfig);
  const data = encodeFunctionData({ abi: ProviderVerificationAbi, functionName, args: args as never });
  await operate(desk, [{ to: contracts.ProviderVerification!, data }]);
}
