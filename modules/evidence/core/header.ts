/** Block headers from the London fork's predecessors to Osaka and later: fields are only ever appended. */
import { AppError, type Hex, keccak256, toHex0x } from '@zhenmei/kernel';
import { decodeRlp, isRlpList, type Rlp } from './rlp.ts';

export interface BlockHeader {
  readonly hash: Hex;
  readonly parentHash: Hex;
  readonly stateRoot: Uint8Array;
  readonly number: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** What each of the first fields must be: an exact length in bytes, an `int`, or free `data`. */
const FIELDS: readonly (readonly [string, number | 'int' | 'data'])[] = [
  ['parentHash', 32],
  ['ommersHash', 32],
  ['beneficiary', 20],
  ['stateRoot', 32],
  ['transactionsRoot', 32],
  ['receiptsRoot', 32],
  ['logsBloom', 256],
  ['difficulty', 'int'],
  ['number', 'int'],
  ['gasLimit', 'int'],
  ['gasUsed', 'int'],
  ['timestamp', 'int'],
  ['extraData', 'data'],
  ['mixHash', 32],
  ['nonce', 8],
  ['baseFeePerGas', 'int'],
  ['withdrawalsRoot', 32],
  ['blobGasUsed', 'int'],
  ['excessBlobGas', 'int'],
  ['parentBeaconBlockRoot', 32],
  ['requestsHash', 32],
];
const LEAST = 15;
const MOST = 64;

function fail(reason: string): never {
  throw new AppError('EVIDENCE_HEADER', { reason });
}

/** Minimal big-endian integer. Throws EVIDENCE_HEADER above 2^53 − 1. */
function toInteger(bytes: Uint8Array, name: string): number {
  const value = bytes.reduce((n, b) => n * 256 + b, 0);
  if (!Number.isSafeInteger(value)) return fail(name);
  return value;
}

/** Decodes a header; later forks may append fields, which are covered by the hash and not read. Throws EVIDENCE_HEADER, EVIDENCE_RLP. */
export function decodeHeader(rlp: Uint8Array): BlockHeader {
  const item = decodeRlp(rlp);
  if (!isRlpList(item) || item.length < LEAST || item.length > MOST) return fail('number of fields');
  const fields = item.map((field: Rlp, i) => {
    const [name, kind] = FIELDS[i] ?? [`field ${i + 1}`, 'data'];
    if (!(field instanceof Uint8Array)) return fail(name);
    if (
      typeof kind === 'number'
        ? field.length !== kind
        : kind === 'int' && (field[0] === 0 || field.length > 32)
    )
      return fail(name);
    return field;
  });
  return {
    hash: toHex0x(keccak256(rlp)),
    parentHash: toHex0x(fields[0]!),
    stateRoot: fields[3]!,
    number: toInteger(fields[8]!, 'number'),
    time: toInteger(fields[11]!, 'timestamp') * 1000,
  };
}
