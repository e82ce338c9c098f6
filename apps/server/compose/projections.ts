/** The read models that follow the chain's events; each is built again from them alone. */
import type { Projection } from '@zhenmei/chain';
import {
  applyAbsences,
  applyChecks,
  applyDisputes,
  applyGuarantee,
  applyLoans,
  applyMoney,
  applyPledges,
  applyUnits,
  type NameOf,
  resetAbsences,
  resetChecks,
  resetDisputes,
  resetGuarantee,
  resetLoans,
  resetMoney,
  resetPledges,
  resetUnits,
} from '@zhenmei/money';
import { applyChainUse, applyLotRoots, resetChainUse, resetLotRoots } from '@zhenmei/provenance';
import type { Protocol } from './protocol.ts';

/** @param holders the contracts of ours that may hold units, by address */
export const projectionsOf = (contracts: Protocol['contracts'], holders: NameOf): Projection[] => [
  {
    name: 'money',
    reset: (tx) => resetMoney(tx as never),
    apply: (tx, event) => applyMoney(tx as never, event, contracts.SettlementUnit),
  },
  {
    name: 'units',
    reset: (tx) => resetUnits(tx as never),
    apply: (tx, event) => applyUnits(tx as never, event, holders),
  },
  {
    name: 'loans',
    reset: (tx) => resetLoans(tx as never),
    apply: (tx, event) => applyLoans(tx as never, event),
  },
  {
    name: 'guarantee',
    reset: (tx) => resetGuarantee(tx as never),
    apply: (tx, event) => applyGuarantee(tx as never, event, contracts.GuaranteeBook),
  },
  {
    name: 'disputes',
    reset: (tx) => resetDisputes(tx as never),
    apply: (tx, event) => applyDisputes(tx as never, event),
  },
  {
    name: 'absences',
    reset: (tx) => resetAbsences(tx as never),
    apply: (tx, event) => applyAbsences(tx as never, event),
  },
  {
    name: 'pledges',
    reset: (tx) => resetPledges(tx as never),
    apply: (tx, event) => applyPledges(tx as never, event, contracts.AbsencePledge),
  },
  {
    name: 'checks',
    reset: (tx) => resetChecks(tx as never),
    apply: (tx, event) => applyChecks(tx as never, event),
  },
  {
    name: 'provenance',
    reset: (tx) => resetChainUse(tx as never),
    apply: (tx, event) => applyChainUse(tx as never, event),
  },
  {
    name: 'lots',
    reset: (tx) => resetLotRoots(tx as never),
    apply: (tx, event) => applyLotRoots(tx as never, event),
  },
];
