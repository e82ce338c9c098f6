/**
 * What is deployed, where, and who may do what. Pure: addresses follow from the admin's address, code and arguments.
 * `deploy` carries the plan out and may be run any number of times: what exists is left alone.
 */
import {
  concatHex,
  decodeFunctionData,
  encodeAbiParameters,
  encodeFunctionData,
  getContractAddress,
  type Hex,
  keccak256,
  pad,
  stringToHex,
  toFunctionSelector,
} from 'viem';
import {
  AccessManagerAbi,
  AssessorPanelAbi,
  AssessorPoolAbi,
  DeployerAbi,
  GuaranteeBookAbi,
  GuaranteePoolAbi,
  InstalmentPoolAbi,
  IssuerRegistryAbi,
  LogAnchorAbi,
  SettlementUnitAbi,
  UnitRegistryAbi,
} from '../generated/abis.ts';
import { creationCode, deployerCode } from '../generated/bytecode.ts';

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
} as const;
export type RoleName = keyof typeof ROLE;

export interface Parties {
  /** Holds the AccessManager's admin role and sends the deployment. Its first transaction must be this one. */
  readonly admin: Address;
  readonly custodian: Address;
  readonly logOperator: Address;
  readonly paymasterSigner: Address;
  /** Signs the lines of the guarantee's price tables; nobody if absent, and then the pool sells no cover. */
  readonly pricer?: Address;
  /** The house's part in a panel: its secret, and how pictures are laid out. Has no vote. */
  readonly examiner: Address;
}

export interface Contracts {
  readonly Deployer: Address;
  readonly AccessManager: Address;
  readonly ERC2771Forwarder: Address;
  readonly SettlementUnit: Address;
  readonly CareEscrow: Address;
  readonly IssuerRegistry: Address;
  readonly LogAnchor: Address;
  readonly UnitRegistry: Address;
  readonly PoseidonT3: Address;
  readonly ReviewGroups: Address;
  readonly EntryPoint: Address;
  readonly ERC7913WebAuthnVerifier: Address;
  readonly ERC7913P256Verifier: Address;
  readonly PasskeyAccount: Address;
  readonly PasskeyAccountFactory: Address;
  readonly SponsorPaymaster: Address;
  readonly InstalmentPool: Address;
  readonly InstalmentBook: Address;
  readonly ClinicBond: Address;
  readonly GuaranteePool: Address;
  readonly GuaranteeBook: Address;
  readonly AssessorPool: Address;
  readonly AssessorPanel: Address;
}

export interface CreateStep {
  readonly name: keyof Contracts;
  readonly address: Address;
  readonly to: Address | null;
  readonly data: Hex;
}

export interface WiringStep {
  readonly name: string;
  readonly to: Address;
  readonly data: Hex;
  /** A call whose answer tells that the step is done. */
  readonly check: { readonly to: Address; readonly data: Hex; readonly expect: Hex };
}

export interface Plan {
  readonly contracts: Contracts;
  readonly creates: readonly CreateStep[];
  readonly wiring: readonly WiringStep[];
}

const SALT = keccak256(stringToHex('zhenmei/1'));

function linked(name: string, libraries: Record<string, Address>): Hex {
  const entry = creationCode[name];
  if (!entry) throw new Error(`no code for ${name}`);
  let code = entry.code.slice(2);
  for (const { library, offset } of entry.links) {
    const address = libraries[library];
    if (!address) throw new Error(`${name} needs ${library}`);
    code = code.slice(0, offset * 2) + address.slice(2).toLowerCase() + code.slice(offset * 2 + 40);
  }
  return `0x${code}`;
}

const created = (from: Address, salt: Hex, bytecode: Hex): Address =>
  getContractAddress({ opcode: 'CREATE2', from, salt, bytecode }).toLowerCase() as Address;

/**
 * Where a deployment's transaction put its contract.
 * @param data of a `CreateStep` that went through the deployer at `to`
 */
export function placeOf({ to, data }: { readonly to: Address; readonly data: Hex }): Address {
  const { args } = decodeFunctionData({ abi: DeployerAbi, data });
  const [salt, initCode] = args as readonly [Hex, Hex];
  return created(to, salt, initCode);
}

/**
 * The whole deployment for these parties.
 * @param placed contracts that already stand, perhaps with the code of an earlier version: they keep their place,
 *   because agreements, lots and signatures name them by address
 */
export function deploymentPlan(parties: Parties, placed: Partial<Contracts> = {}): Plan {
  const deployer = getContractAddress({
    opcode: 'CREATE',
    from: parties.admin,
    nonce: 0n,
  }).toLowerCase() as Address;
  const creates: CreateStep[] = [
    { name: 'Deployer', address: deployer, to: null, data: linked('Deployer', {}) },
  ];
  const create = (
    name: keyof Contracts,
    args: Hex = '0x',
    libraries: Record<string, Address> = {},
  ): Address => {
    const initCode = concatHex([linked(name, libraries), args]);
    const address = placed[name] ?? created(deployer, SALT, initCode);
    creates.push({
      name,
      address,
      to: deployer,
      data: encodeFunctionData({ abi: DeployerAbi, functionName: 'deploy', args: [SALT, initCode] }),
    });
    return address;
  };
  const a = (...values: Address[]) =>
    encodeAbiParameters(
      values.map(() => ({ type: 'address' as const })),
      values,
    );

  const AccessManager = create('AccessManager', a(parties.admin));
  const ERC2771Forwarder = create(
    'ERC2771Forwarder',
    encodeAbiParameters([{ type: 'string' }], ['Zhenmei Forwarder']),
  );
  const SettlementUnit = create(
    'SettlementUnit',
    encodeAbiParameters(
      [{ type: 'address' }, { type: 'address' }, { type: 'string' }, { type: 'string' }],
      [AccessManager, ERC2771Forwarder, 'Settlement CNY', 'sCNY'],
    ),
  );
  const CareEscrow = create('CareEscrow', a(AccessManager, ERC2771Forwarder, SettlementUnit));
  const IssuerRegistry = create('IssuerRegistry', a(AccessManager));
  const LogAnchor = create('LogAnchor', a(AccessManager));
  const UnitRegistry = create('UnitRegistry', a(AccessManager));
  const PoseidonT3 = create('PoseidonT3');
  const ReviewGroups = create('ReviewGroups', a(CareEscrow), { PoseidonT3 });
  const EntryPoint = create('EntryPoint');
  const ERC7913WebAuthnVerifier = create('ERC7913WebAuthnVerifier');
  const ERC7913P256Verifier = create('ERC7913P256Verifier');
  const PasskeyAccount = create('PasskeyAccount', a(EntryPoint));
  const PasskeyAccountFactory = create('PasskeyAccountFactory', a(PasskeyAccount));
  const SponsorPaymaster = create('SponsorPaymaster', a(EntryPoint, parties.paymasterSigner));
  const InstalmentPool = create('InstalmentPool', a(AccessManager, SettlementUnit));
  const InstalmentBook = create(
    'InstalmentBook',
    a(AccessManager, ERC2771Forwarder, CareEscrow, InstalmentPool, SettlementUnit),
  );
  const closedLoop = encodeAbiParameters([{ type: 'address' }, { type: 'bool' }], [SettlementUnit, true]);
  const ClinicBond = create('ClinicBond', closedLoop);
  const GuaranteePool = create('GuaranteePool', concatHex([a(AccessManager), closedLoop]));
  const GuaranteeBook = create(
    'GuaranteeBook',
    a(AccessManager, ERC2771Forwarder, CareEscrow, ClinicBond, GuaranteePool, SettlementUnit),
  );
  const AssessorPool = create('AssessorPool', a(AccessManager, ERC2771Forwarder, SettlementUnit));
  const AssessorPanel = create(
    'AssessorPanel',
    a(AccessManager, ERC2771Forwarder, SettlementUnit, CareEscrow, AssessorPool),
  );

  const contracts: Contracts = {
    Deployer: deployer,
    AccessManager,
    ERC2771Forwarder,
    SettlementUnit,
    CareEscrow,
    IssuerRegistry,
    LogAnchor,
    UnitRegistry,
    PoseidonT3,
    ReviewGroups,
    EntryPoint,
    ERC7913WebAuthnVerifier,
    ERC7913P256Verifier,
    PasskeyAccount,
    PasskeyAccountFactory,
    SponsorPaymaster,
    InstalmentPool,
    InstalmentBook,
    ClinicBond,
    GuaranteePool,
    GuaranteeBook,
    AssessorPool,
    AssessorPanel,
  };
  return { contracts, creates, wiring: wiringOf(contracts, parties) };
}

const selector = toFunctionSelector;
const ISSUER = IssuerRegistryAbi.filter(
  (f) => f.type === 'function' && ['setIssuer', 'setType', 'setKey', 'withdraw'].includes(f.name),
);
const uint = (n: bigint) => pad(`0x${n.toString(16)}`, { size: 32 });
const TRUE = uint(1n);

function wiringOf(c: Contracts, parties: Parties): WiringStep[] {
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
      ['take', 'takeUpTo', 'give', 'seat', 'rise'].map((name) => selector(fn(AssessorPoolAbi, name))),
      'PANEL',
    ],
    [c.AssessorPanel, [selector(fn(AssessorPanelAbi, 'prepare'))], 'EXAMINER'],
  ];
  const steps: WiringStep[] = guarded.map(([target, selectors, role]) => ({
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
  }));
  steps.push(
    grantRole(c, 'LOG', parties.logOperator),
    grantRole(c, 'CUSTODIAN', parties.custodian),
    movesTheUnit(c, 'escrow', c.CareEscrow),
    ...loanWiring(c),
    ...guaranteeWiring(c, parties),
    grantRole(c, 'EXAMINER', parties.examiner),
    grantRole(c, 'PANEL', c.AssessorPanel),
    movesTheUnit(c, 'assessor pool', c.AssessorPool),
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
  const steps = [movesTheUnit(c, 'bond', c.ClinicBond), movesTheUnit(c, 'guarantee pool', c.GuaranteePool), bind];
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

export interface DeployIo {
  code(address: Address): Promise<Hex | undefined>;
  call(to: Address, data: Hex): Promise<Hex | undefined>;
  /** Sends from the admin and waits until it is on chain; throws if it reverted. */
  send(step: { name: string; to: Address | null; data: Hex }): Promise<void>;
}

/**
 * Carries out what is missing. Addresses made by CREATE2 follow from the code, so code at the address is that code;
 * the deployer itself is compared.
 * @returns how many transactions were needed
 * @throws if an address holds other code, or a step was sent and is still not done
 */
export async function deploy(plan: Plan, io: DeployIo): Promise<number> {
  let sent = 0;
  for (const step of plan.creates) {
    if (await exists(step, io)) continue;
    await io.send(step);
    if (!(await exists(step, io)))
      throw new Error(`${step.name} is not at ${step.address} after its deployment`);
    sent++;
  }
  for (const step of plan.wiring) {
    if (await done(step, io)) continue;
    await io.send(step);
    if (!(await done(step, io))) throw new Error(`"${step.name}" was sent without effect`);
    sent++;
  }
  return sent;
}

async function exists(step: CreateStep, io: DeployIo): Promise<boolean> {
  const code = await io.code(step.address);
  if (!code || code === '0x') return false;
  if (step.name === 'Deployer' && code !== deployerCode)
    throw new Error(
      `${step.address} holds another contract: the admin's first transaction was not this deployment`,
    );
  return true;
}

async function done(step: WiringStep, io: DeployIo): Promise<boolean> {
  return (await io.call(step.check.to, step.check.data)) === step.check.expect;
}
