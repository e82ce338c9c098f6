/** Money: this amount was held, and released by this standard. */

import { claimDigest, type Receipt, sealCommitment } from '@zhenmei/care/core/receipt.ts';
import { ServiceStandard, standardHash } from '@zhenmei/care/core/standard.ts';
import { accountSlot, readAccount } from '@zhenmei/contracts/deploy/slots.ts';
import {
  agreementId,
  attendanceTypedData,
  type TermsJson,
  termsFromJson,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { AppError, fromHex, type Hex } from '@zhenmei/kernel';
import { recoverTypedDataAddress } from 'viem';
import { provenState } from '../chain.ts';
import type { PartContext } from '../context.ts';
import { type ProofResult, result } from '../result.ts';

export async function proveMoney(
  part: NonNullable<Receipt['parts']['money']>,
  context: PartContext,
): Promise<ProofResult> {
  const { receipt, trust } = context;
  const { claims, evidence } = part;
  const terms = readTerms(evidence.terms);
  if (agreementId(terms) !== claims.agreement) throw new AppError('MONEY_TERMS_DIFFER', { what: 'id' });
  const standard = ServiceStandard.safeParse(evidence.standard);
  if (!standard.success || standardHash(standard.data) !== terms.standard)
    throw new AppError('MONEY_TERMS_DIFFER', { what: 'standard' });

  const { attendance } = evidence;
  const commitment = sealCommitment(receipt.seal.digests, fromHex(receipt.seal.salt));
  if (claimDigest(fromHex(attendance.salt), commitment) !== attendance.evidence)
    throw new AppError('ATTENDANCE_NOT_SIGNED');
  const escrow = trust.chain.contracts.CareEscrow;
  if (!escrow) throw new AppError('CHAIN_STATE_DIFFERS', { what: 'CareEscrow' });
  const message = {
    agreement: claims.agreement,
    milestone: attendance.milestone,
    evidence: attendance.evidence,
  };
  const typed = attendanceTypedData(trust.chain.id, escrow.address, message);
  const signer = await recoverTypedDataAddress({ ...typed, signature: attendance.signature as Hex }).catch(
    () => null,
  );
  if (signer?.toLowerCase() !== terms.patient || !terms.milestones[attendance.milestone]?.performed)
    throw new AppError('ATTENDANCE_NOT_SIGNED');

  const state = provenState(evidence.chain, context);
  const account = readAccount(state.word('CareEscrow', accountSlot(claims.agreement)));
  const total = terms.milestones.reduce((sum, m) => sum + m.amount, 0n);
  const paid = total - account.held - account.refunded;
  if (
    account.state !== 'closed' ||
    ((account.released >> attendance.milestone) & 1) !== 1 ||
    account.held !== 0n ||
    paid <= 0n
  )
    throw new AppError('MONEY_NOT_RELEASED');
  return result('proven', 'MONEY_PROVEN', {
    grade: state.grade,
    facts: {
      total: total.toString(),
      paid: paid.toString(),
      refunded: account.refunded.toString(),
      standard: `${standard.data.id} ${standard.data.version}`,
      block: state.block.number,
    },
  });
}

function readTerms(json: unknown) {
  try {
    return termsFromJson(json as TermsJson);
  } catch (cause) {
    throw new AppError('MONEY_TERMS_DIFFER', { what: 'form' }, { cause });
  }
}
