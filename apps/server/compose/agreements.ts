/** Agreements: the visit's terms, the chain's account, and signatures over both. */
import type { AgreementAccount, ChainPort } from '@zhenmei/care';
import {
  agreementId,
  attendanceTypedData,
  offerTypedData,
  type TermsJson,
  termsFromJson,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { AppError, defineErrors, type Hex } from '@zhenmei/kernel';
import type { AgreementFacts, MoneyDatabase } from '@zhenmei/money';
import { packsOf, type SettlementProfile, settlementProfile } from '@zhenmei/policy';
import { hashTypedData, recoverTypedDataAddress } from 'viem';
import { accountSigned } from './account-signature.ts';
import type { ModuleDeps } from './deps.ts';

defineErrors({
  SETTLEMENT_NOT_CONNECTED: {
    status: 409,
    retryable: false,
    zh: '这个地区的付款方式还没有接入本平台，暂时不能报价。请联系平台。',
    en: 'How this region pays is not connected to this platform yet, so no offer can be made. Please contact the platform.',
  },
});

/** The shape of a visit's row that money needs; care owns the table, this is a read model. */
interface VisitRead {
  'care.visit': {
    agreement_id: Hex | null;
    terms: TermsJson | null;
    state: string;
    patient_address: Hex;
    payout: Hex;
  };
}

function readTerms(terms: unknown) {
  try {
    return termsFromJson(terms as TermsJson);
  } catch (cause) {
    throw new AppError('OFFER_WRONG', { field: 'terms' }, { cause });
  }
}

/**
 * What agreements of a region are held in. This house has a custodian for the closed loop alone: where a region's packs
 * ask for another token, none is guessed. Throws SETTLEMENT_NOT_CONNECTED.
 */
export function settlementToken(profile: SettlementProfile, unit: Hex): Hex {
  if (profile !== 'closed-loop') throw new AppError('SETTLEMENT_NOT_CONNECTED');
  return unit;
}

export function chainPort({ engines, protocol, secrets }: ModuleDeps): ChainPort {
  const { contracts, chainId } = protocol;
  const lower = (account: { address: string }) => account.address.toLowerCase() as Hex;
  return {
    agreementId: (terms) => agreementId(readTerms(terms)),
    async offerSigned(terms, signature) {
      const read = readTerms(terms);
      const hash = hashTypedData(offerTypedData(chainId, contracts.CareEscrow, agreementId(read)));
      return accountSigned(engines.chain, read.clinic, hash, signature);
    },
    async attendanceSigned(terms, milestone, evidence, signature, patient) {
      const typed = attendanceTypedData(chainId, contracts.CareEscrow, {
        agreement: agreementId(readTerms(terms)),
        milestone,
        evidence,
      });
      const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null);
      return signer?.toLowerCase() === patient;
    },
    termsFrame: (region) => ({
      token: settlementToken(settlementProfile(packsOf(region)), contracts.SettlementUnit),
      feeTo: lower(secrets.accounts.fee),
      arbiter: contracts.AssessorPanel,
    }),
    account: (agreement) => readAccount(engines, agreement),
  };
}

async function readAccount(
  { database }: ModuleDeps['engines'],
  agreement: Hex,
): Promise<AgreementAccount | null> {
  const row = await database
    .as<MoneyDatabase>()
    .selectFrom('money.account')
    .selectAll()
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();
  if (!row) return null;
  const visit = await database
    .as<VisitRead>()
    .selectFrom('care.visit')
    .select('terms')
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();
  const milestone = visit?.terms?.milestones[row.milestone];
  const live = row.state !== 'closed';
  return {
    state: row.state,
    held: BigInt(row.held),
    paid: BigInt(row.paid),
    refunded: BigInt(row.refunded),
    coolingEndsAt: visit?.terms ? row.opened_at.getTime() + visit.terms.coolingOff * 1000 : null,
    dueBy: live && milestone ? milestone.dueBy * 1000 : null,
    releasesAt: row.state === 'claimed' ? (row.deadline?.getTime() ?? null) : null,
  };
}

export async function agreementFacts({ engines }: ModuleDeps, id: Hex): Promise<AgreementFacts | null> {
  const row = await engines.database
    .as<VisitRead>()
    .selectFrom('care.visit')
    .selectAll()
    .where('agreement_id', '=', id)
    .executeTakeFirst();
  if (!row?.terms) return null;
  return {
    agreementId: id,
    patient: row.patient_address,
    payout: row.payout,
    total: row.terms.milestones.reduce((sum, m) => sum + BigInt(m.amount), 0n),
    currency: 'CNY',
    payable: row.state === 'agreed',
    payBy: row.terms.openBy * 1000,
  };
}
