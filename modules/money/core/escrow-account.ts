/** An agreement's account as the escrow's events tell it: funded = held + paid + fee + refunded, after every transaction. */
import type { Hex } from '@zhenmei/kernel';

export interface EscrowAccount {
  readonly clinic: Hex;
  readonly state: 'active' | 'claimed' | 'disputed' | 'closed' | 'patient-absent' | 'clinic-absent';
  /** Minor units, like all amounts here. */
  readonly funded: bigint;
  readonly held: bigint;
  readonly paid: bigint;
  readonly fee: bigint;
  readonly refunded: bigint;
  /** Index of the milestone that is due. */
  readonly milestone: number;
  /** Milliseconds since the epoch. */
  readonly deadline: number | null;
}

type Args = Readonly<Record<string, string | number | boolean>>;

const amount = (args: Args, name: string): bigint => BigInt(String(args[name] ?? 0));

export function openedAccount(args: Args): EscrowAccount {
  const funded = amount(args, 'total');
  return {
    clinic: String(args.clinic) as Hex,
    state: 'active',
    funded,
    held: funded,
    paid: 0n,
    fee: 0n,
    refunded: 0n,
    milestone: 0,
    deadline: null,
  };
}

/**
 * The account after one event of CareEscrow. What the clinic gets is told by `Credited` alone, because a retention or
 * an agreed split pays it without settling a milestone; the fee of such a payment is what is missing at the closing.
 */
export function afterEvent(account: EscrowAccount, name: string, args: Args): EscrowAccount {
  switch (name) {
    case 'Credited': {
      if (partyOf(String(args.who)) !== account.clinic) return account;
      const given = amount(args, 'amount');
      return { ...account, held: account.held - given, paid: account.paid + given };
    }
    case 'MilestoneClaimed':
      return { ...account, state: 'claimed', deadline: Number(args.deadline) * 1000 };
    case 'MilestoneDisputed':
      return { ...account, state: 'disputed', deadline: Number(args.deadline) * 1000 };
    case 'AbsenceReported': {
      const clinicSaid = String(args.by).toLowerCase() === account.clinic.toLowerCase();
      const state = clinicSaid ? 'patient-absent' : 'clinic-absent';
      return { ...account, state, deadline: Number(args.deadline) * 1000 };
    }
    case 'MilestoneReleased':
    case 'MilestoneRuled': {
      const fee = amount(args, 'fee');
      const refunded = amount(args, 'refunded');
      return {
        ...account,
        state: 'active',
        milestone: account.milestone + 1,
        held: account.held - fee - refunded,
        fee: account.fee + fee,
        refunded: account.refunded + refunded,
        deadline: null,
      };
    }
    case 'AgreementClosed': {
      const refunded = account.refunded + amount(args, 'refunded');
      const fee = account.funded - account.paid - refunded;
      return { ...account, state: 'closed', held: 0n, fee, refunded, deadline: null };
    }
    default:
      return account;
  }
}

/** A credited party is an address in 32 bytes, or a payout reference as it is. */
export function partyOf(who: string): Hex {
  return (/^0x0{24}/.test(who) ? `0x${who.slice(26)}` : who) as Hex;
}
