/**
 * Where the settlement unit is: what its own events say of payers' accounts and of the whole, and what each contract
 * that holds units says of itself. Compared with the balances, each is a witness of its own. Amounts are minor units.
 */
/** Contracts that hold units besides the escrow, whose own sums are those of its agreements. */
export const HOLDERS = [
  'InstalmentPool',
  'InstalmentBook',
  'ClinicBond',
  'GuaranteePool',
  'AssessorPool',
  'ProviderVerification',
] as const;
export type Holder = (typeof HOLDERS)[number];
export type Place = Holder | 'issued' | 'accounts';

export interface UnitFlow {
  /** `issued`: minted and redeemed; `accounts`: everything that no contract of ours holds. */
  readonly place: Place;
  readonly came: bigint;
  readonly went: bigint;
}

export interface UnitEvent {
  readonly contract: string;
  readonly name: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
}

/** The name of the contract at an address, the escrow included; null for everybody else. */
export type NameOf = (address: string) => Holder | 'CareEscrow' | null;

/** What one event moved; nothing for an event that moves no units. */
export function flowsOf({ contract, name, args }: UnitEvent, nameOf: NameOf): UnitFlow[] {
  const amount = (field: string) => BigInt(String(args[field] ?? 0));
  const came = (place: Place, units: bigint): UnitFlow => ({ place, came: units, went: 0n });
  const went = (place: Place, units: bigint): UnitFlow => ({ place, came: 0n, went: units });
  /** Given to a payout reference: it leaves the ledger, unless the reference names a contract of ours. */
  const given = (who: string, units: bigint): UnitFlow[] => {
    const to = /^0x0{24}/.test(who) ? nameOf(`0x${who.slice(26)}`) : null;
    return to && to !== 'CareEscrow' ? [came(to, units)] : [];
  };
  const who = String(args.who ?? '');
  switch (`${contract}.${name}`) {
    case 'SettlementUnit.Minted':
      return [
        came('issued', amount('amount')),
        ...(nameOf(String(args.to)) ? [] : [came('accounts', amount('amount'))]),
      ];
    case 'SettlementUnit.Collected':
      return [
        ...(nameOf(String(args.from)) ? [] : [went('accounts', amount('amount'))]),
        ...(nameOf(String(args.by)) ? [] : [came('accounts', amount('amount'))]),
      ];
    case 'SettlementUnit.Redeemed':
      return [
        went('issued', amount('amount')),
        ...(nameOf(String(args.by)) ? [] : [went('accounts', amount('amount'))]),
      ];
    case 'CareEscrow.Withdrawn':
      return given(who, amount('amount'));
    case 'InstalmentPool.Deposit':
      return [came('InstalmentPool', amount('assets'))];
    case 'InstalmentPool.Lent':
      return [went('InstalmentPool', amount('amount'))];
    case 'InstalmentPool.Repaid':
      return [came('InstalmentPool', amount('amount')), went('InstalmentBook', amount('amount'))];
    case 'InstalmentPool.GivenBack':
      return [went('InstalmentPool', amount('amount')), came('InstalmentBook', amount('amount'))];
    case 'InstalmentPool.ExitCollected':
      return [went('InstalmentPool', amount('assets'))];
    case 'InstalmentBook.LoanPaid':
      return [came('InstalmentBook', amount('amount'))];
    case 'InstalmentBook.LoanRefunded':
      return [went('InstalmentBook', amount('toPatient'))];
    case 'InstalmentBook.LoanReturned':
      return [went('InstalmentBook', amount('amount'))];
    case 'ClinicBond.Deposited':
      return [came('ClinicBond', amount('amount'))];
    case 'ClinicBond.PaidOut':
      return [went('ClinicBond', amount('amount')), ...given(who, amount('amount'))];
    case 'GuaranteePool.Underwritten':
      return [came('GuaranteePool', amount('premium'))];
    case 'GuaranteePool.Deposit':
      return [came('GuaranteePool', amount('assets'))];
    case 'GuaranteePool.Withdraw':
      return [went('GuaranteePool', amount('assets'))];
    case 'GuaranteePool.PaidOut':
      return [went('GuaranteePool', amount('amount')), ...given(who, amount('amount'))];
    case 'ProviderVerification.Asked':
      return [came('ProviderVerification', amount('fee'))];
    case 'ProviderVerification.ChallengeMade':
      return [came('ProviderVerification', amount('deposit'))];
    case 'ProviderVerification.Bonded':
      return [came('ProviderVerification', amount('amount'))];
    case 'ProviderVerification.Endowed':
      return [went('ProviderVerification', amount('amount'))];
    case 'ProviderVerification.PaidOut':
      return [went('ProviderVerification', amount('amount')), ...given(who, amount('amount'))];
    case 'AssessorPool.Funded':
      return [came('AssessorPool', amount('amount'))];
    case 'AssessorPool.TakenOut':
      return [went('AssessorPool', amount('amount')), ...given(who, amount('amount'))];
    default:
      return [];
  }
}
