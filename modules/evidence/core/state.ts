/** Accounts and storage slots under a state root (EIP-1186). */
import { AppError, equalBytes, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';
import { decodeRlp, isRlpList } from './rlp.ts';
import { provenValue } from './trie.ts';

export interface Account {
  readonly storageRoot: Uint8Array;
  readonly codeHash: Uint8Array;
}

const minimal = (bytes: Uint8Array | readonly unknown[] | undefined, max: number) =>
  bytes instanceof Uint8Array && bytes.length <= max && bytes[0] !== 0;

/** The account at `address`, or null when the proof shows there is none. Throws EVIDENCE_TRIE, EVIDENCE_RLP, EVIDENCE_ACCOUNT. */
export function provenAccount(
  stateRoot: Uint8Array,
  address: Uint8Array,
  proof: readonly Uint8Array[],
): Account | null {
  const value = provenValue(stateRoot, keccak256(address), proof);
  if (!value) return null;
  const fields = decodeRlp(value);
  const invalid = (reason: string) => new AppError('EVIDENCE_ACCOUNT', { address: toHex0x(address), reason });
  if (!isRlpList(fields) || fields.length !== 4) throw invalid('number of fields');
  const [nonce, balance, storageRoot, codeHash] = fields;
  if (!minimal(nonce, 8) || !minimal(balance, 32)) throw invalid('nonce or balance');
  if (!(storageRoot instanceof Uint8Array) || storageRoot.length !== 32) throw invalid('storage root');
  if (!(codeHash instanceof Uint8Array) || codeHash.length !== 32) throw invalid('code hash');
  return { storageRoot, codeHash };
}

const ZERO = new Uint8Array(32);

/** The 32 bytes at `slot`; zero when the proof shows that nothing is stored there. Throws EVIDENCE_TRIE, EVIDENCE_RLP. */
export function provenSlot(
  storageRoot: Uint8Array,
  slot: Uint8Array,
  proof: readonly Uint8Array[],
): Uint8Array {
  const value = provenValue(storageRoot, keccak256(slot), proof);
  if (!value) return ZERO;
  const number = decodeRlp(value);
  if (!(number instanceof Uint8Array) || !minimal(number, 32) || number.length === 0)
    throw new AppError('EVIDENCE_TRIE', { reason: 'stored value' });
  const word = new Uint8Array(32);
  word.set(number, 32 - number.length);
  return word;
}

export function isZero(word: Uint8Array): boolean {
  return equalBytes(word, ZERO);
}

/** Slot of `mapping[key]` for a mapping declared at `base` (Solidity layout): keccak256(key ‖ base), plus `offset` within a struct. */
export function mappingSlot(key: Uint8Array, base: Uint8Array, offset = 0n): Hex {
  if (key.length > 32 || base.length > 32)
    throw new AppError('EVIDENCE_FORMAT', { reason: 'mapping key or base slot' });
  const joined = new Uint8Array(64);
  joined.set(key, 32 - key.length);
  joined.set(base, 64 - base.length);
  const slot = (BigInt(toHex0x(keccak256(joined))) + offset) % (1n << 256n);
  return `0x${slot.toString(16).padStart(64, '0')}`;
}
