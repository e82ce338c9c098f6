/** Turns the answers of a node (`eth_getBlockByNumber`, `eth_getProof`) into chain evidence. */
import { AppError, fromHex, type Hex, toHex0x } from '@zhenmei/kernel';
import type { AccountEvidence, ChainEvidence } from './chain-evidence.ts';
import { decodeHeader } from './header.ts';
import { encodeRlp } from './rlp.ts';
import { provenAccount, provenSlot } from './state.ts';
import type { WitnessSignature } from './witness.ts';

/** A block as JSON-RPC writes it; only header members are read. */
export type NodeBlock = Readonly<Record<string, unknown>> & { readonly hash: Hex };

/** The answer of `eth_getProof` (EIP-1186). */
export interface NodeProof {
  readonly address: Hex;
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly {
    readonly key: Hex;
    readonly value: Hex;
    readonly proof: readonly Hex[];
  }[];
}

/** Header members in order; `true` marks a quantity, which RLP writes without leading zeros. */
const MEMBERS: readonly (readonly [string, boolean])[] = [
  ['parentHash', false], ['sha3Uncles', false], ['miner', false], ['stateRoot', false], ['transactionsRoot', false],
  ['receiptsRoot', false], ['logsBloom', false], ['difficulty', true], ['number', true], ['gasLimit', true],
  ['gasUsed', true], ['timestamp', true], ['extraData', false], ['mixHash', false], ['nonce', false],
  ['baseFeePerGas', true], ['withdrawalsRoot', false], ['blobGasUsed', true], ['excessBlobGas', true],
  ['parentBeaconBlockRoot', false], ['requestsHash', false],
]; // biome-ignore format: one row of names reads better than twenty-one lines

function mismatch(reason: string): never {
  throw new AppError('EVIDENCE_SOURCE_MISMATCH', { reason });
}

function evenHex(value: Hex): Hex {
  return value.length % 2 === 0 ? value : `0x0${value.slice(2)}`;
}

function quantity(value: Hex): Uint8Array {
  const bytes = fromHex(evenHex(value));
  let zeros = 0;
  while (bytes[zeros] === 0) zeros++;
  return bytes.subarray(zeros);
}

function word(value: Hex): Hex {
  return `0x${value.slice(2).toLowerCase().padStart(64, '0')}`;
}

/** RLP of the header, checked against the hash the node names. Throws EVIDENCE_SOURCE_MISMATCH. */
export function headerFromNode(block: NodeBlock): Hex {
  const fields: Uint8Array[] = [];
  for (const [name, isQuantity] of MEMBERS) {
    const value = block[name];
    if (value === undefined || value === null) break;
    if (typeof value !== 'string') return mismatch(name);
    fields.push(isQuantity ? quantity(value as Hex) : fromHex(value));
  }
  const rlp = encodeRlp(fields);
  if (decodeHeader(rlp).hash !== block.hash.toLowerCase()) return mismatch('block hash');
  return toHex0x(rlp);
}

/** A node may write an empty trie as one empty node; evidence writes it as no node. */
function nodesOf(proof: readonly Hex[]): Hex[] {
  const nodes = proof.map((node) => node.toLowerCase() as Hex);
  return nodes.length === 1 && nodes[0] === '0x80' ? [] : nodes;
}

/**
 * Evidence for a block, from one node. Every proof is verified before it is kept, so that a bad one is noticed when it
 * can still be taken again. Throws EVIDENCE_SOURCE_MISMATCH, EVIDENCE_TRIE, EVIDENCE_RLP, EVIDENCE_HEADER.
 */
export function evidenceFromNode(
  block: NodeBlock,
  proofs: readonly NodeProof[],
  witnesses: readonly WitnessSignature[],
): ChainEvidence {
  const header = headerFromNode(block);
  const { stateRoot } = decodeHeader(fromHex(header));
  const accounts = proofs.map((proof): AccountEvidence => {
    const address = proof.address.toLowerCase() as Hex;
    const nodes = nodesOf(proof.accountProof);
    const account = provenAccount(stateRoot, fromHex(address), nodes.map(fromHex));
    if (!account) return mismatch(`no account ${address}`);
    const storage = proof.storageProof.map((one) => {
      const entry = { slot: word(one.key), value: word(one.value), proof: nodesOf(one.proof) };
      const value = toHex0x(provenSlot(account.storageRoot, fromHex(entry.slot), entry.proof.map(fromHex)));
      return value === entry.value ? entry : mismatch(`slot ${entry.slot}`);
    });
    return { address, proof: nodes, storage };
  });
  return { header, witnesses, accounts };
}
