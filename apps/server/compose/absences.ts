/** Appointments that one side did not keep: what the visit says, and what is sent once nobody objected. */
import type { Indexer } from '@zhenmei/chain';
import { agreementId, type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { AppError, type Hex } from '@zhenmei/kernel';
import type { AbsencePort } from '@zhenmei/money';
import { decodeFunctionData, encodeFunctionData, toFunctionSelector } from 'viem';
import type { ModuleDeps } from './deps.ts';

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

export function absencePort({ engines, protocol }: ModuleDeps, indexer: () => Indexer): AbsencePort {
  const { contracts, relayer } = protocol;
  const visitOf = (agreement: Hex) =>
    engines.database
      .as<VisitRead>()
      .selectFrom('care.visit as v')
      .innerJoin('care.slot as s', 's.id', 'v.slot_id')
      .select(['v.terms', 'v.state', 'v.needs_time', 's.starts_at'])
      .where('v.agreement_id', '=', agreement)
      .executeTakeFirst();
  let known: boolean | undefined;
  return {
    // a ledger keeps the contract that its people signed for; one of an earlier version has no such act
    async known() {
      known ??=
        (await engines.chain.viem.getCode({ address: contracts.CareEscrow }))?.includes(REPORT) ?? false;
      return known;
    },
    reportIn({ to, data }) {
      const by =
        to.toLowerCase() === contracts.CareEscrow.toLowerCase() ? REPORTS.get(first4(data)) : undefined;
      return by ? { agreement: agreementIn(data), by } : null;
    },
    async agreement(id) {
      const visit = await visitOf(id);
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
    async settle(id, milestone) {
      const key = `absence/${id}/${milestone}`;
      const visit = await visitOf(id);
      if (!visit?.terms || (await relayer.knows(key))) return;
      const data = encodeFunctionData({
        abi: CareEscrowAbi,
        functionName: 'settleAbsence',
        args: [termsFromJson(visit.terms) as never],
      });
      await relayer.simulate({ to: contracts.CareEscrow, data });
      await relayer.send({ key, to: contracts.CareEscrow, data, gas: 1_000_000n });
      await indexer().catchUp();
    },
  };
}
