/** Roles, and what is set between the contracts once they stand. Pure, like the plan. */
import { encodeFunctionData, type Hex, pad, stringToHex, toFunctionSelector } from 'viem';
import {
  AccessManagerAbi,
  AssessorPanelAbi,
  AssessorPoolAbi,
  GuaranteeBookAbi,
  GuaranteePoolAbi,
  InstalmentPoolAbi,
  IssuerRegistryAbi,
  LogAnchorAbi,
  ParamsAbi,
  ProviderVerificationAbi,
  SettlementUnitAbi,
  TokenGateAbi,
  UnitRegistryAbi,
} from '../generated/abis.ts';
import type { Contracts, Jurisdiction, Parties } from './parties.ts';

type Address = Hex;

/** Roles of the AccessManager. The admin (role 0) grants them. */
export const ROLE = {
  ISSUER_ADMIN: 1n,
  LOG: 2n,
  MAKER: 3n,
  CLINIC: 4n,
  CUSTODIAN: 5n,
  REGULATOR: 6n,
  LENDER: 7n,
  EXAMINER: 8n,
  PANEL: 9n,
  /** Says in whose jurisdiction a clinic works. */
  REGISTRAR: 20n,
} as const;
export type RoleName = keyof typeof ROLE;

export interface WiringStep {
  readonly name: string;
  readonly to: Address;
  readonly data: Hex;
  /** A call whose answer tells that the step is done. */
  readonly check: { readonly to: Address; readonly data: Hex; readonly expect: Hex };
}

const selector = toFunctionSelector;
const ISSUER = IssuerRegistryAbi.filter(
  (f) => f.type === 'function' && ['setIssuer', 'setType', 'setKey', 'withdraw'].includes(f.name),
);
const uint = (n: bigint) => pad(`0x${n.toString(16)}`, { size: 32 });
const TRUE = uint(1n);

/** Who may do what, and which contracts move the unit. Each step can be asked whether it is done. */
export function wiringOf(c: Contracts, parties: Parties): WiringStep[] {
  const fn = (abi: readonly unknown[], name: string) =>
    abi.find(
      (f) =>
        (f as { name?: string; type: string }).type === 'function' && (f as { name: string }).name === name,
    ) as never;
  const guarded: [Address, Hex[], RoleName][] = [
    [c.IssuerRegistry, ISSUER.map((f) => selector(f as never)), 'ISSUER_ADMIN'],
    [c.LogAnchor, [selector(fn(LogAnchorAbi, 'anchor'))], 'LOG'],
    [c.UnitRegistry, [selector(fn(UnitRegistryAbi, 'registerLot'))], 'MAKER'],
    [c.UnitRegistry, [selector(fn(UnitRegistryAbi, 'open'))], 'CLINIC'],
    [
      c.UnitRegistry,
      [selector(fn(UnitRegistryAbi, 'blockLot')), selector(fn(UnitRegistryAbi, 'releaseLot'))],
      'REGULATOR',
    ],
    [c.SettlementUnit, [selector(fn(SettlementUnitAbi, 'mint'))], 'CUSTODIAN'],
    [
      c.AssessorPool,
      ['admit', 'dismiss', 'tag'].map((name) => selector(fn(AssessorPoolAbi, name))),
      'REGULATOR',
    ],
    [
      c.AssessorPool,
      ['take', 'takeUpTo', 'give', 'seat', 'rise', 'note'].map((name) => selector(fn(AssessorPoolAbi, name))),
      'PANEL',
    ],
    [c.AssessorPanel, [selector(fn(AssessorPanelAbi, 'prepare'))], 'EXAMINER'],
    [c.Params, [selector(fn(ParamsAbi, 'placeClinic'))], 'REGISTRAR'],
    [c.GuaranteePanel, [selector(fn(AssessorPanelAbi, 'prepare'))], 'EXAMINER'],
  ];
  const steps = guarded.map(([target, selectors, role]) => guard(c, target, selectors, role));
  steps.push(
    grantRole(c, 'LOG', parties.logOperator),
    grantRole(c, 'CUSTODIAN', parties.custodian),
    movesTheUnit(c, 'escrow', c.CareEscrow),
    ...loanWiring(c),
    ...guaranteeWiring(c, parties),
    grantRole(c, 'EXAMINER', parties.examiner),
    grantRole(c, 'PANEL', c.AssessorPanel),
    grantRole(c, 'PANEL', c.GuaranteePanel),
    movesTheUnit(c, 'assessor pool', c.AssessorPool),
    grantRole(c, 'REGISTRAR', parties.admin),
    listsTheUnit(c),
    ...(parties.jurisdictions ?? []).map((one) => ruleOf(c, one)),
    ...verificationWiring(c),
  );
  return steps;
}

/** Instalments: both contracts move units, and the pool lends by the book alone. */
const loanWiring = (c: Contracts): WiringStep[] => [
  movesTheUnit(c, 'loan pool', c.InstalmentPool),
  movesTheUnit(c, 'loan book', c.InstalmentBook),
  {
    name: 'the pool lends by the book',
    to: c.InstalmentPool,
    data: encodeFunctionData({
      abi: InstalmentPoolAbi,
      functionName: 'setBook',
      args: [c.InstalmentBook],
    }),
    check: {
      to: c.InstalmentPool,
      data: encodeFunctionData({ abi: InstalmentPoolAbi, functionName: 'book' }),
      expect: pad(c.InstalmentBook, { size: 32 }),
    },
  },
];

/** Bonds and pool take the unit, the pool stands for this book alone, and one key signs prices. */
function guaranteeWiring(c: Contracts, { pricer }: Parties): WiringStep[] {
  const bind: WiringStep = {
    name: 'pool stands for the book',
    to: c.GuaranteePool,
    data: encodeFunctionData({ abi: GuaranteePoolAbi, functionName: 'bind', args: [c.GuaranteeBook] }),
    check: {
      to: c.GuaranteePool,
      data: encodeFunctionData({ abi: GuaranteePoolAbi, functionName: 'book' }),
      expect: pad(c.GuaranteeBook, { size: 32 }),
    },
  };
  const steps = [
    movesTheUnit(c, 'bond', c.ClinicBond),
    movesTheUnit(c, 'guarantee pool', c.GuaranteePool),
    bind,
  ];
  if (!pricer) return steps;
  return [
    ...steps,
    {
      name: 'prices are signed',
      to: c.GuaranteeBook,
      data: encodeFunctionData({ abi: GuaranteeBookAbi, functionName: 'setPricer', args: [pricer] }),
      check: {
        to: c.GuaranteeBook,
        data: encodeFunctionData({ abi: GuaranteeBookAbi, functionName: 'pricer' }),
        expect: pad(pricer, { size: 32 }),
      },
    },
  ];
}

/** The closed loop is a token of its own kind, of two decimals. */
const listsTheUnit = (c: Contracts): WiringStep => ({
  name: 'the unit is listed',
  to: c.TokenGate,
  data: encodeFunctionData({
    abi: TokenGateAbi,
    functionName: 'list',
    args: [c.SettlementUnit, 1, 2, 1],
  }),
  check: {
    to: c.TokenGate,
    data: encodeFunctionData({ abi: TokenGateAbi, functionName: 'usesOf', args: [c.SettlementUnit] }),
    expect: TRUE,
  },
});

/** What a region's packs ask for in the beginning. Later changes are decided, and not overwritten by a start. */
function ruleOf(c: Contracts, rule: Jurisdiction): WiringStep {
  const { code, least, startsWith, waivable, sameServiceExempt, uses } = rule;
  const jurisdiction = stringToHex(code, { size: 2 });
  const start = startsWith === 'consultation' ? 1 : 0;
  return {
    name: `rule of ${code}`,
    to: c.Params,
    data: encodeFunctionData({
      abi: ParamsAbi,
      functionName: 'setRule',
      args: [jurisdiction, least, start, waivable, sameServiceExempt, uses],
    }),
    check: {
      to: c.Params,
      data: encodeFunctionData({ abi: ParamsAbi, functionName: 'known', args: [jurisdiction] }),
      expect: TRUE,
    },
  };
}

/** Says that a clinic works in this jurisdiction. */
export function placeClinic(c: Pick<Contracts, 'Params'>, code: string, clinic: Address): WiringStep {
  const jurisdiction = stringToHex(code, { size: 2 });
  return {
    name: `place in ${code}`,
    to: c.Params,
    data: encodeFunctionData({ abi: ParamsAbi, functionName: 'placeClinic', args: [clinic, jurisdiction] }),
    check: {
      to: c.Params,
      data: encodeFunctionData({ abi: ParamsAbi, functionName: 'jurisdictionOf', args: [clinic] }),
      expect: pad(jurisdiction, { size: 32, dir: 'right' }),
    },
  };
}

/** Paid checks: the authority says who checks, the house takes its part, and the contract moves units. */
const verificationWiring = (c: Contracts): WiringStep[] => {
  const of = (...names: string[]) =>
    ProviderVerificationAbi.filter((f) => f.type === 'function' && names.includes(f.name)).map((f) =>
      selector(f as never),
    );
  return [
    guard(c, c.ProviderVerification, of('admit', 'dismiss', 'tag', 'revoke'), 'REGULATOR'),
    guard(c, c.ProviderVerification, of('prepare'), 'EXAMINER'),
    movesTheUnit(c, 'provider verification', c.ProviderVerification),
  ];
};

/** These functions of a contract are for one role. */
const guard = (c: Contracts, target: Address, selectors: Hex[], role: RoleName): WiringStep => ({
  name: `guard ${role}`,
  to: c.AccessManager,
  data: encodeFunctionData({
    abi: AccessManagerAbi,
    functionName: 'setTargetFunctionRole',
    args: [target, selectors, ROLE[role]],
  }),
  check: {
    to: c.AccessManager,
    data: encodeFunctionData({
      abi: AccessManagerAbi,
      functionName: 'getTargetFunctionRole',
      args: [target, selectors.at(-1)!],
    }),
    expect: uint(ROLE[role]),
  },
});

/** A contract of ours may collect and redeem settlement units. */
const movesTheUnit = (c: Contracts, name: string, target: Address): WiringStep => ({
  name: `${name} moves the unit`,
  to: c.SettlementUnit,
  data: encodeFunctionData({
    abi: SettlementUnitAbi,
    functionName: 'setSystemContract',
    args: [target, true],
  }),
  check: {
    to: c.SettlementUnit,
    data: encodeFunctionData({ abi: SettlementUnitAbi, functionName: 'isSystemContract', args: [target] }),
    expect: TRUE,
  },
});

/** The admin lets an account take a role, e.g. a clinic's passkey account CLINIC. */
export function grantRole(
  contracts: Pick<Contracts, 'AccessManager'>,
  role: RoleName,
  account: Address,
): WiringStep {
  return {
    name: `grant ${role}`,
    to: contracts.AccessManager,
    data: encodeFunctionData({
      abi: AccessManagerAbi,
      functionName: 'grantRole',
      args: [ROLE[role], account, 0],
    }),
    check: {
      to: contracts.AccessManager,
      data: encodeFunctionData({
        abi: AccessManagerAbi,
        functionName: 'hasRole',
        args: [ROLE[role], account],
      }),
      expect: `${TRUE}${'0'.repeat(64)}` as Hex,
    },
  };
}
