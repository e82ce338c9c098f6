/** Agreements: the visit's terms, the chain's account, and signatures over both. */
import type { AgreementAccount, ChainPort, TermsFrame } from '@zhenmei/care';
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
import { type Coin, coinIn, scaleOf } from './coins.ts';
import type { ModuleDeps } from './deps.ts';
import { heldIn } from './held-in.ts';

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
    quote: { currency: string };
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
 * What agreements of a region are held in: the closed loop's unit, or the coin that the operator has set up for the
 * profile of the region's packs. None is guessed. Throws SETTLEMENT_NOT_CONNECTED.
 */
export function settlementToken(
  profile: SettlementProfile,
  unit: Hex,
  coins: readonly Coin[],
): Omit<TermsFrame, 'feeTo' | 'arbiter'> {
  if (profile === 'closed-loop') return { token: unit };
  const coin = coinIn(coins, profile);
  if (!coin) throw new AppError('SETTLEMENT_NOT_CONNECTED');
  return { token: coin.token, coin: { scale: scaleOf(coin) } };
}

export function chainPort(deps: ModuleDeps): ChainPort {
  const { engines, protocol, secrets, coins } = deps;
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
      ...settlementToken(settlementProfile(packsOf(region)), contracts.SettlementUnit, coins),
      feeTo: lower(secrets.accounts.fee),
      arbiter: contracts.AssessorPanel,
    }),
    account: (agreement) => readAccount(deps, agreement),
  };
}

async function readAccount(deps: ModuleDeps, agreement: Hex): Promise<AgreementAccount | null> {
  const { database } = deps.engines;
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
    .select(['terms', 'quote'])
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();
  const milestone = visit?.terms?.milestones[row.milestone];
  const live = row.state !== 'closed';
  if (!visit?.terms && row.coin !== null) throw new AppError('COIN_SCALE_UNKNOWN');
  const scale = visit?.terms ? (heldIn({ terms: visit.terms, quote: visit.quote }, deps)?.scale ?? 1n) : 1n;
  // of a coin's finest parts only whole minor units are shown; statements say them all
  const minor = (amount: string) => BigInt(amount) / scale;
  return {
    state: row.state,
    held: minor(row.held),
    paid: minor(row.paid),
    refunded: minor(row.refunded),
    coolingEndsAt: visit?.terms ? row.opened_at.getTime() + visit.terms.coolingOff * 1000 : null,
    dueBy: live && milestone ? milestone.dueBy * 1000 : null,
    releasesAt: row.state === 'claimed' ? (row.deadline?.getTime() ?? null) : null,
  };
}

/** Throws COIN_SCALE_UNKNOWN. */
export async function agreementFacts(deps: ModuleDeps, id: Hex): Promise<AgreementFacts | null> {
  const row = await deps.engines.database
    .as<VisitRead>()
    .selectFrom('care.visit')
    .selectAll()
    .where('agreement_id', '=', id)
    .executeTakeFirst();
  if (!row?.terms) return null;
  const held = heldIn({ terms: row.terms, quote: row.quote }, deps);
  const total = row.terms.milestones.reduce((sum, m) => sum + BigInt(m.amount), 0n);
  return {
    agreementId: id,
    patient: row.patient_address,
    payout: row.terms.payout,
    total: held ? total / held.scale : total,
    currency: row.quote.currency,
    ...(held ? { coin: { token: held.token, scale: held.scale } } : {}),
    payable: row.state === 'agreed',
    payBy: row.terms.openBy * 1000,
  };
}
