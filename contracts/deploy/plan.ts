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
  stringToHex,
} from 'viem';
import { DeployerAbi } from '../generated/abis.ts';
import { creationCode, deployerCode } from '../generated/bytecode.ts';
import type { Contracts, Parties } from './parties.ts';
import { type WiringStep, wiringOf } from './wiring.ts';

type Address = Hex;

export interface CreateStep {
  readonly name: keyof Contracts;
  readonly address: Address;
  readonly to: Address | null;
  readonly data: Hex;
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
  // before the escrow, which is given them; addresses follow from code and arguments, not from the order
  const Params = create('Params', a(AccessManager));
  const TokenGate = create('TokenGate', a(AccessManager));
  const CareEscrow = create(
    'CareEscrow',
    a(AccessManager, ERC2771Forwarder, SettlementUnit, Params, TokenGate),
  );
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
  const ProviderVerification = create(
    'ProviderVerification',
    a(AccessManager, ERC2771Forwarder, SettlementUnit, AssessorPool, parties.examiner),
  );
  const GuaranteePanel = create(
    'GuaranteePanel',
    a(AccessManager, ERC2771Forwarder, SettlementUnit, GuaranteeBook, AssessorPool),
  );
  const AbsencePledge = create('AbsencePledge', a(ERC2771Forwarder, CareEscrow, ClinicBond, SettlementUnit));

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
    Params,
    TokenGate,
    ProviderVerification,
    GuaranteePanel,
    AbsencePledge,
  };
  return { contracts, creates, wiring: wiringOf(contracts, parties) };
}

export interface DeployIo {
  code(address: Address): Promise<Hex | undefined>;
  call(to: Address, data: Hex): Promise<Hex | undefined>;
  /** Told of all that will be sent, in order, before the first is: who can may bring them on their way together. */
  ahead?(steps: readonly DeployStep[]): Promise<void>;
  /** Sends from the admin and waits until it is on chain; throws if it reverted. */
  send(step: DeployStep): Promise<void>;
}

export interface DeployStep {
  readonly name: string;
  readonly to: Address | null;
  readonly data: Hex;
}

/**
 * Carries out what is missing. Addresses made by CREATE2 follow from the code, so code at the address is that code;
 * the deployer itself is compared.
 * @returns how many transactions were needed
 * @throws if an address holds other code, or a step was sent and is still not done
 */
export async function deploy(plan: Plan, io: DeployIo): Promise<number> {
  const creates = await without(plan.creates, (one) => exists(one, io));
  const wiring = await without(plan.wiring, (one) => done(one, io));
  await io.ahead?.([...creates, ...wiring]);
  for (const step of creates) {
    await io.send(step);
    if (!(await exists(step, io)))
      throw new Error(`${step.name} is not at ${step.address} after its deployment`);
  }
  for (const step of wiring) {
    await io.send(step);
    if (!(await done(step, io))) throw new Error(`"${step.name}" was sent without effect`);
  }
  return creates.length + wiring.length;
}

/** Asked all at once: of a house that stands nothing is left to do, and its start waits for this. */
async function without<S>(steps: readonly S[], there: (step: S) => Promise<boolean>): Promise<S[]> {
  const known = await Promise.all(steps.map(there));
  return steps.filter((_, i) => !known[i]);
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
