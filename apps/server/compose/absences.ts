/** Appointments that one side did not keep: what the visit says, and what is sent once nobody objected. */
import type { Indexer } from '@zhenmei/chain';
import { type TermsJson, termsFromJson } from '@zhenmei/contracts/deploy/typed-data.ts';
import { CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import type { Hex } from '@zhenmei/kernel';
import type { AbsencePort } from '@zhenmei/money';
import { encodeFunctionData, toFunctionSelector } from 'viem';
import type { ModuleDeps } from './deps.ts';

/** The shape of a visit's rows that is read here; care owns the tables. */
interface VisitRead {
  'care.visit': { agreement_id: Hex | null; terms: TermsJson | null; state: string; slot_id: string };
  'care.slot': { id: string; starts_at: Date };
}
const CAME = ['checked-in', 'unsealed', 'performed'];
const TREATED = ['unsealed', 'performed'];
const REPORT = toFunctionSelector(
  CareEscrowAbi.find((f) => f.type === 'function' && f.name === 'clinicAbsent') as never,
).slice(2);

export function absencePort({ engines, protocol }: ModuleDeps, indexer: () => Indexer): AbsencePort {
  const { contracts, relayer } = protocol;
  const visitOf = (agreement: Hex) =>
    engines.database
      .as<VisitRead>()
      .selectFrom('care.visit as v')
      .innerJoin('care.slot as s', 's.id', 'v.slot_id')
      .select(['v.terms', 'v.state', 's.starts_at'])
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
    async agreement(id) {
      const visit = await visitOf(id);
      if (!visit?.terms) return null;
      return {
        patient: visit.terms.patient.toLowerCase() as Hex,
        terms: visit.terms,
        coolingOff: visit.terms.coolingOff,
        startsAt: visit.starts_at.getTime(),
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
