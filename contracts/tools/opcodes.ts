/**
 * What a consortium chain of the FISCO BCOS kind can run (3.x with `feature_evm_cancun` and `feature_evm_timestamp`,
 * free gas): Cancun's instructions, less those that answer nothing there. The accounts of ERC-4337 live from ether and
 * stay outside this profile; people and organisations act there through the forwarder.
 */
import { hexToBytes } from 'viem';
import { creationCode } from '../generated/bytecode.ts';

/** Contracts that the profile deploys. */
export const FISCO_CONTRACTS = [
  'AccessManager',
  'AssessorPanel',
  'AssessorPool',
  'CareEscrow',
  'Deployer',
  'ERC2771Forwarder',
  'InstalmentBook',
  'InstalmentPool',
  'IssuerRegistry',
  'LogAnchor',
  'PoseidonT3',
  'ReviewGroups',
  'SettlementUnit',
  'UnitRegistry',
  'ClinicBond',
  'GuaranteePool',
  'GuaranteeBook',
  'Params',
  'TokenGate',
  'GuaranteePanel',
  'AbsencePledge',
] as const;

/** In Cancun, but zero or without effect on such a chain: a contract that relies on one is wrong there. */
const SILENT: Readonly<Record<number, string>> = {
  49: 'BALANCE',
  64: 'BLOCKHASH',
  65: 'COINBASE',
  68: 'PREVRANDAO',
  69: 'GASLIMIT',
  70: 'CHAINID',
  71: 'SELFBALANCE',
  72: 'BASEFEE',
  73: 'BLOBHASH',
  74: 'BLOBBASEFEE',
  255: 'SELFDESTRUCT',
};

/** Uses that hold on such a chain too, and why. */
export const EXCUSED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  AssessorPanel: {
    SELFBALANCE: 'only before a call that carries ether; none of ours does',
    PREVRANDAO: 'one of four parts of the draw, zero there; the secrets of three sides decide it',
  },
  CareEscrow: { CHAINID: 'in the EIP-712 domain only; it answers 0 there, and signers put 0' },
  GuaranteePanel: {
    PREVRANDAO: 'one of four parts of the draw, zero there; the secrets of three sides decide it',
  },
  InstalmentBook: { CHAINID: 'in the EIP-712 domain only; it answers 0 there, and signers put 0' },
  ERC2771Forwarder: {
    CHAINID: 'in the EIP-712 domain only; it answers 0 there, and signers put 0',
    SELFBALANCE: 'checks that no ether stays behind; no act of ours carries any',
  },
  GuaranteeBook: { CHAINID: 'in the EIP-712 domain only; it answers 0 there, and signers put 0' },
  AccessManager: { SELFBALANCE: 'only before a call that carries ether; none of ours does' },
};

/** Cancun's instructions by byte, as ranges. */
const CANCUN: readonly (readonly [number, number])[] = [
  [0x00, 0x0b],
  [0x10, 0x1d],
  [0x20, 0x20],
  [0x30, 0x4a],
  [0x50, 0xa4],
  [0xf0, 0xf5],
  [0xfa, 0xfa],
  [0xfd, 0xff],
];

/**
 * The instructions that can be reached: from the start, and from every jump target that is pushed somewhere; constants
 * that stand between or behind code are not taken for it. Code within code (what a constructor returns) begins after
 * an INVALID, at an offset that is copied from.
 */
function reached(code: Uint8Array): Uint8Array {
  const seen = new Set<number>();
  const waiting: { at: number; base: number }[] = [{ at: 0, base: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { base } = next;
    let pushed: number[] = [];
    for (let { at } = next; at < code.length && !seen.has(at); at++) {
      seen.add(at);
      const opcode = code[at]!;
      if (opcode === CODECOPY)
        for (const from of pushed.slice(-3))
          if (from < code.length && code[from - 1] === 0xfe) waiting.push({ at: from, base: from });
      if (ENDS.has(opcode)) break;
      if (opcode < 0x60 || opcode > 0x7f) continue;
      const size = opcode - 0x5f;
      const value = size > 3 ? -1 : code.slice(at + 1, at + 1 + size).reduce((n, byte) => n * 256 + byte, 0);
      if (targets(code, base).has(base + value)) waiting.push({ at: base + value, base });
      pushed = [...pushed.slice(-2), value];
      at += size;
    }
  }
  return Uint8Array.from(
    [...seen].sort((x, y) => x - y),
    (at) => code[at]!,
  );
}

const CODECOPY = 0x39;
const JUMPDEST = 0x5b;
const known = new WeakMap<Uint8Array, Map<number, ReadonlySet<number>>>();

/** Where a jump may land: a JUMPDEST that is not the data of a PUSH, seen from where the code begins. */
function targets(code: Uint8Array, base: number): ReadonlySet<number> {
  const ofCode = known.get(code) ?? new Map<number, ReadonlySet<number>>();
  known.set(code, ofCode);
  const before = ofCode.get(base);
  if (before) return before;
  const found = new Set<number>();
  for (let at = base; at < code.length; at++) {
    const opcode = code[at]!;
    if (opcode === JUMPDEST) found.add(at);
    if (opcode >= 0x60 && opcode <= 0x7f) at += opcode - 0x5f;
  }
  ofCode.set(base, found);
  return found;
}

/** STOP, JUMP, RETURN, REVERT, INVALID, SELFDESTRUCT. */
const ENDS = new Set([0x00, 0x56, 0xf3, 0xfd, 0xfe, 0xff]);

/** Names of instructions that the profile does not allow, each once. */
export function foreignOpcodes(code: Uint8Array, excused: Readonly<Record<string, string>> = {}): string[] {
  const found = new Set<string>();
  for (const opcode of reached(code)) {
    if (!CANCUN.some(([from, to]) => opcode >= from && opcode <= to))
      found.add(`0x${opcode.toString(16).padStart(2, '0')}`);
    const silent = SILENT[opcode];
    if (silent && !Object.hasOwn(excused, silent)) found.add(silent);
  }
  return [...found];
}

/** `Contract: INSTRUCTION` for everything in the profile's contracts, creation included, that does not belong. */
export function fiscoFaults(): string[] {
  return FISCO_CONTRACTS.flatMap((name) =>
    foreignOpcodes(hexToBytes(creationCode[name]!.code), EXCUSED[name]).map((op) => `${name}: ${op}`),
  );
}
