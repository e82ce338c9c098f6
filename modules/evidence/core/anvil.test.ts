/** Real headers and proofs from a chain, compared with what the chain itself answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { AppError, concat, fromHex, type Hex, keccak256, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyChainEvidence } from './chain-evidence.ts';
import { evidenceFromNode, headerFromNode, type NodeBlock, type NodeProof } from './from-node.ts';
import { provenAccount } from './state.ts';
import { parseTrustFile } from './trust-file.ts';
import { signHeader } from './witness.ts';

/** Stores calldata as pairs of slot and value: `for (i = 0; i < calldatasize; i += 64) sstore(…)`. */
const RUNTIME = '5f5b368110156017578060200135813555604001600156' + '5b00';
const INIT: Hex = `0x6019806009${'5f395ff3'}${RUNTIME}`;
const CHAIN_ID = 20_260;

let anvil: ChildProcess;
let rpc: <T>(method: string, ...params: unknown[]) => Promise<T>;

beforeAll(async () => {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const home = dirname(createRequire(import.meta.url).resolve(`@foundry-rs/anvil-${platform}/package.json`));
  const binary = join(home, 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  const flags = [
    '--port',
    '0',
    '--no-mining',
    '--hardfork',
    'osaka',
    '--chain-id',
    String(CHAIN_ID),
    '--accounts',
    '1',
  ];
  anvil = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    anvil.stdout!.on('data', (chunk: Buffer) => {
      said += chunk;
      const at = /Listening on ([\d.]+:\d+)/.exec(said);
      if (at) resolve(`http://${at[1]}`);
    });
    anvil.on('exit', () => reject(new Error(`anvil ended: ${said}`)));
  });
  rpc = async <T>(method: string, ...params: unknown[]) => {
    const reply = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    });
    const { result, error } = (await reply.json()) as { result: T; error?: { message: string } };
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };
});

afterAll(() => anvil.kill());

async function send(transaction: Record<string, unknown>): Promise<{ contractAddress: Hex; status: Hex }> {
  const [from] = await rpc<Hex[]>('eth_accounts');
  const hash = await rpc<Hex>('eth_sendTransaction', { from, gas: '0xf00000', ...transaction });
  await rpc('evm_mine');
  const receipt = await rpc<{ contractAddress: Hex; status: Hex }>('eth_getTransactionReceipt', hash);
  expect(receipt.status).toBe('0x1');
  return receipt;
}

const word = (seed: string) => sha256(utf8(seed));

/** Deploys the store and writes `count` slots; values of every length, so that inline nodes and long nodes both occur. */
async function store(count: number, seed: string): Promise<{ address: Hex; slots: Map<Hex, Hex> }> {
  const { contractAddress } = await send({ data: INIT });
  const slots = new Map<Hex, Hex>();
  for (let i = 0; i < count; i++) {
    const value = new Uint8Array(32);
    const length = 1 + (i % 32);
    value.set(word(`${seed} value ${i}`).subarray(0, length), 32 - length);
    slots.set(
      i % 3 === 0 ? `0x${i.toString(16).padStart(64, '0')}` : toHex0x(word(`${seed} slot ${i}`)),
      toHex0x(value),
    );
  }
  const pairs = [...slots].map(([slot, value]) => concat(fromHex(slot), fromHex(value)));
  for (let at = 0; at < pairs.length; at += 300)
    await send({ to: contractAddress, data: toHex0x(concat(...pairs.slice(at, at + 300))) });
  return { address: contractAddress.toLowerCase() as Hex, slots };
}

function trustFor(addresses: Hex[], codeHash = toHex0x(keccak256(fromHex(RUNTIME)))) {
  const contracts = Object.fromEntries(addresses.map((address, i) => [`Store${i}`, { address, codeHash }]));
  const keys = [
    { name: 'operator', key: signHeader(word('witness'), 1, toHex0x(word('x'))).key, operator: true },
  ];
  return parseTrustFile(
    JSON.stringify({
      format: 'zhenmei-trust/1',
      chain: { id: CHAIN_ID, contracts },
      logs: [],
      witnesses: { k: 1, keys },
      issuers: [],
    }),
  );
}

const latest = () => rpc<NodeBlock>('eth_getBlockByNumber', 'latest', false);
const proofOf = (address: Hex, slots: Hex[]) => rpc<NodeProof>('eth_getProof', address, slots, 'latest');

test('proofs of tries of many sizes, written and unwritten slots alike', async () => {
  const stores = [];
  for (const size of [0, 1, 2, 17, 400]) stores.push(await store(size, `trie of ${size}`));
  const block = await latest();
  const unwritten = Array.from({ length: 40 }, (_, i) => toHex0x(word(`unwritten ${i}`)));
  const proofs = [];
  for (const { address, slots } of stores)
    proofs.push(await proofOf(address, [...slots.keys(), ...unwritten]));
  const evidence = evidenceFromNode(block, proofs, [signHeader(word('witness'), CHAIN_ID, block.hash)]);
  const trust = trustFor(stores.map(({ address }) => address));
  const verified = verifyChainEvidence(JSON.parse(JSON.stringify(evidence)), trust);
  expect(verified.block).toEqual({
    hash: block.hash,
    number: Number(block.number),
    time: Number(block.timestamp) * 1000,
  });
  expect(verified.grade).toBe('operator-only');
  for (const { address, slots } of stores) {
    for (const [slot, value] of slots)
      expect(verified.read(address, slot)).toBe(/^0x0+$/.test(value) ? 'absent' : value);
    for (const slot of unwritten) expect(verified.read(address, slot)).toBe('absent');
  }
  if (process.env.ZHENMEI_WRITE_FIXTURE) {
    const small = stores.slice(0, 4);
    const few = [];
    for (const { address, slots } of small)
      few.push(await proofOf(address, [...[...slots.keys()].slice(0, 6), ...unwritten.slice(0, 3)]));
    const golden = evidenceFromNode(block, few, evidence.witnesses);
    const expected = {
      block: verified.block,
      slots: small.map(({ address, slots }) => [address, Object.fromEntries([...slots].slice(0, 6))]),
    };
    const path = join(import.meta.dirname, 'fixtures', 'store.json');
    writeFileSync(
      path,
      JSON.stringify({
        trust: trustFor(small.map(({ address }) => address)),
        evidence: golden,
        expected,
        unwritten: unwritten.slice(0, 3),
      }),
    );
  }
});

test('an account that does not exist is proven absent, and evidence about it is refused', async () => {
  for (let i = 0; i < 60; i++)
    await rpc('anvil_setBalance', toHex0x(word(`account ${i}`).subarray(0, 20)), '0x1');
  await rpc('evm_mine');
  const block = await latest();
  const nobody = toHex0x(word('nobody').subarray(0, 20));
  const proof = await proofOf(nobody, []);
  expect(
    provenAccount(fromHex(block.stateRoot as Hex), fromHex(nobody), proof.accountProof.map(fromHex)),
  ).toBeNull();
  const evidence = {
    header: headerFromNode(block),
    witnesses: [],
    accounts: [{ address: nobody, proof: proof.accountProof, storage: [] }],
  };
  expect(() => verifyChainEvidence(evidence, trustFor([nobody]))).toThrow(
    new AppError('EVIDENCE_CONTRACT_ABSENT', { address: nobody }),
  );
  expect(() => evidenceFromNode(block, [proof], [])).toThrow('EVIDENCE_SOURCE_MISMATCH');
});

test('what a node answers is checked before it is kept', async () => {
  const { address } = await store(5, 'checked');
  const block = await latest();
  const good = await proofOf(address, [`0x${'0'.repeat(64)}`]);
  expect(() => evidenceFromNode({ ...block, gasUsed: '0x1' }, [good], [])).toThrow(
    'EVIDENCE_SOURCE_MISMATCH',
  );
  expect(() => evidenceFromNode({ ...block, miner: 5 }, [good], [])).toThrow('EVIDENCE_SOURCE_MISMATCH');
  const lying = { ...good, storageProof: [{ ...good.storageProof[0]!, value: '0x5' as Hex }] };
  expect(() => evidenceFromNode(block, [lying], [])).toThrow('EVIDENCE_SOURCE_MISMATCH');
  await rpc('evm_mine');
  await send({ to: address, data: toHex0x(concat(word('more'), word('value'))) });
  expect(() => evidenceFromNode(block, [{ ...good, accountProof: [] }], [])).toThrow('EVIDENCE_TRIE');
});
