/** Appointments that one side did not keep: what the visit says, and what is sent once nobody objected. */
import { agreementId, type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import { type AbsencePort, dueAbsences, type MoneyContext } from '@zhenmei/money';
import { decodeFunctionData, encodeFunctionData, toFunctionSelector } from 'viem';
import type { ModuleDeps } from './deps.ts';
import type { DueCall } from './due-work.ts';

/** The shape of a visit's rows that is read here; care owns the tables. */
interface VisitRead {
  'care.visit': {
    agreement_id: Hex | null;
    terms: TermsJson | null;
    state: string;
    slot_id: string;
    needs_time: boolean;
  };
  'care.slot': { id: string; starts_at: Date };
}
const CAME = ['checked-in', 'unsealed', 'performed'];
const TREATED = ['unsealed', 'performed'];
const selectorOf = (act: string): Hex =>
  toFunctionSelector(CareEscrowAbi.find((f) => f.type === 'function' && f.name === act) as never);
/** Who says it, by the first bytes of the call. */
const REPORTS = new Map([
  [selectorOf('clinicAbsent'), 'patient' as const],
  [selectorOf('patientAbsent'), 'clinic' as const],
]);
const REPORT = selectorOf('clinicAbsent').slice(2);

const first4 = (data: Hex): Hex => data.slice(0, 10).toLowerCase() as Hex;

function agreementIn(data: Hex): Hex {
  try {
    const { args } = decodeFunctionData({ abi: CareEscrowAbi, data });
    return agreementId(args![0] as never);
  } catch {
    throw new AppError('RELAY_REFUSED');
  }
}

const visitOf = ({ engines }: ModuleDeps, agreement: Hex) =>
  engines.database
    .as<VisitRead>()
    .selectFrom('care.visit as v')
    .innerJoin('care.slot as s', 's.id', 'v.slot_id')
    .select(['v.terms', 'v.state', 'v.needs_time', 's.starts_at'])
    .where('v.agreement_id', '=', agreement)
    .executeTakeFirst();

export function absencePort(deps: ModuleDeps): AbsencePort {
  const { engines, protocol } = deps;
  const { contracts } = protocol;
  let known: boolean | undefined;
  return {
    // a ledger keeps the contract that its people signed for; one of an earlier version has no such act
    async known() {
      known ??=
        (await engines.chain.viem.getCode({ address: protocol.contracts.CareEscrow }))?.includes(REPORT) ??
        false;
      return known;
    },
    reportIn({ to, data }) {
      const by =
        to.toLowerCase() === contracts.CareEscrow.toLowerCase() ? REPORTS.get(first4(data)) : undefined;
      return by ? { agreement: agreementIn(data), by } : null;
    },
    async agreement(id) {
      const visit = await visitOf(deps, id);
      if (!visit?.terms) return null;
      return {
        patient: visit.terms.patient.toLowerCase() as Hex,
        terms: visit.terms,
        coolingOff: visit.terms.coolingOff,
        startsAt: visit.starts_at.getTime(),
        needsTime: visit.needs_time,
        came: CAME.includes(visit.state),
        treated: TREATED.includes(visit.state),
      };
    },
  };
}

/** Reports that nobody objected to, settled. */
export async function dueReports(
  deps: ModuleDeps,
  money: MoneyContext,
  skip: number,
): Promise<(DueCall | null)[]> {
  const calls = (await dueAbsences(money, skip)).map(async ({ agreement, milestone }) => {
    const terms = (await visitOf(deps, agreement))?.terms;
    // of an agreement that was not made here the terms are not known
    if (!terms) return null;
    const data = encodeFunctionData({
      abi: CareEscrowAbi,
      functionName: 'settleAbsence',
      args: [termsFromJson(terms) as never],
    });
    const key = `absence/${agreement}/${milestone}`;
    return { key, to: deps.protocol.contracts.CareEscrow, data, gas: 1_000_000n };
  });
  return Promise.all(calls);
}
