/** The evidence a receipt carries about the chain (ADR 0001), read and verified without any node. */
import { AppError, equalBytes, fromHex, type Hex, toHex0x } from '@zhenmei/kernel';
import { decodeHeader } from './header.ts';
import { isZero, provenAccount, provenSlot } from './state.ts';
import type { TrustFile } from './trust-file.ts';
import { type Grade, gradeWitnesses, type WitnessSignature } from './witness.ts';

export interface SlotEvidence {
  /** 32 bytes. */
  readonly slot: Hex;
  /** 32 bytes, zero when nothing is stored. */
  readonly value: Hex;
  readonly proof: readonly Hex[];
}

export interface AccountEvidence {
  readonly address: Hex;
  readonly proof: readonly Hex[];
  readonly storage: readonly SlotEvidence[];
}

export interface ChainEvidence {
  /** RLP of the block header. */
  readonly header: Hex;
  readonly witnesses: readonly WitnessSignature[];
  readonly accounts: readonly AccountEvidence[];
}

export interface VerifiedEvidence {
  /** `time` in milliseconds since the epoch. */
  readonly block: { readonly number: number; readonly time: number; readonly hash: Hex };
  readonly grade: Grade;
  /** The stored word, or `absent` when the proof shows that nothing is stored. Throws EVIDENCE_NOT_COVERED. */
  read(address: Hex, slot: Hex): Hex | 'absent';
}

function malformed(reason: string): never {
  throw new AppError('EVIDENCE_FORMAT', { reason });
}

/** Lower-case hex with `0x`, so that one value has one writing. */
function hex(value: unknown, what: string, bytes?: number): Hex {
  if (typeof value !== 'string' || !/^0x(?:[0-9a-f]{2})+$/.test(value)) return malformed(what);
  if (bytes !== undefined && value.length !== 2 + 2 * bytes) return malformed(what);
  return value as Hex;
}

function members(value: unknown, what: string, names: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed(what);
  const keys = Object.keys(value);
  if (keys.length !== names.length || !names.every((name) => Object.hasOwn(value, name)))
    return malformed(`members of ${what}`);
  return value as Record<string, unknown>;
}

function list(value: unknown, what: string, max: number): unknown[] {
  if (!Array.isArray(value) || value.length > max) return malformed(what);
  return value;
}

function unique<T>(items: readonly T[], key: (item: T) => string, what: string): readonly T[] {
  if (new Set(items.map(key)).size !== items.length) malformed(`${what} given twice`);
  return items;
}

const nodes = (value: unknown) => list(value, 'proof', 66).map((node) => hex(node, 'proof node'));

/** Reads an unknown value as ChainEvidence: exactly these members, lower-case hex, nothing twice. Throws EVIDENCE_FORMAT. */
export function parseChainEvidence(value: unknown): ChainEvidence {
  const { header, witnesses, accounts } = members(value, 'evidence', ['header', 'witnesses', 'accounts']);
  return {
    header: hex(header, 'header'),
    witnesses: list(witnesses, 'witnesses', 64).map((one) => {
      const { key, signature } = members(one, 'witness', ['key', 'signature']);
      return { key: hex(key, 'witness key', 32), signature: hex(signature, 'witness signature', 64) };
    }),
    accounts: unique(list(accounts, 'accounts', 64).map(parseAccount), ({ address }) => address, 'account'),
  };
}

function parseAccount(value: unknown): AccountEvidence {
  const { address, proof, storage } = members(value, 'account', ['address', 'proof', 'storage']);
  const slots = list(storage, 'storage', 1024).map((one): SlotEvidence => {
    const item = members(one, 'slot', ['slot', 'value', 'proof']);
    return {
      slot: hex(item.slot, 'slot', 32),
      value: hex(item.value, 'value', 32),
      proof: nodes(item.proof),
    };
  });
  return {
    address: hex(address, 'address', 20),
    proof: nodes(proof),
    storage: unique(slots, ({ slot }) => slot, 'slot'),
  };
}

/**
 * Verifies header, witnesses, every account and every slot; each contract must be one of the trust file, with its code.
 * Grade `none` is not an error: the caller may ask a node of its own choice whether `block.hash` is on the chain.
 * Throws EVIDENCE_FORMAT, EVIDENCE_RLP, EVIDENCE_HEADER, EVIDENCE_TRIE, EVIDENCE_ACCOUNT, EVIDENCE_CONTRACT_UNKNOWN,
 * EVIDENCE_CONTRACT_ABSENT, EVIDENCE_CODE_MISMATCH, EVIDENCE_VALUE_MISMATCH, EVIDENCE_WITNESS_SIGNATURE.
 */
export function verifyChainEvidence(evidence: unknown, trust: TrustFile): VerifiedEvidence {
  const { header, witnesses, accounts } = parseChainEvidence(evidence);
  const block = decodeHeader(fromHex(header));
  const grade = gradeWitnesses(witnesses, trust.chain.id, block.hash, trust.witnesses);
  const words = new Map<string, Uint8Array>();
  for (const account of accounts) {
    const storageRoot = contractStorage(account, block.stateRoot, trust);
    for (const { slot, value, proof } of account.storage) {
      const word = provenSlot(storageRoot, fromHex(slot), proof.map(fromHex));
      if (!equalBytes(word, fromHex(value))) throw new AppError('EVIDENCE_VALUE_MISMATCH', { slot });
      words.set(`${account.address}/${slot}`, word);
    }
  }
  return {
    block: { number: block.number, time: block.time, hash: block.hash },
    grade,
    read(address, slot) {
      const word = words.get(`${address}/${slot}`.toLowerCase());
      if (!word) throw new AppError('EVIDENCE_NOT_COVERED', { address, slot });
      return isZero(word) ? 'absent' : toHex0x(word);
    },
  };
}

function contractStorage(
  { address, proof }: AccountEvidence,
  stateRoot: Uint8Array,
  trust: TrustFile,
): Uint8Array {
  const contract = Object.values(trust.chain.contracts).find((one) => one.address === address);
  if (!contract) throw new AppError('EVIDENCE_CONTRACT_UNKNOWN', { address });
  const account = provenAccount(stateRoot, fromHex(address), proof.map(fromHex));
  if (!account) throw new AppError('EVIDENCE_CONTRACT_ABSENT', { address });
  if (toHex0x(account.codeHash) !== contract.codeHash)
    throw new AppError('EVIDENCE_CODE_MISMATCH', { address });
  return account.storageRoot;
}
