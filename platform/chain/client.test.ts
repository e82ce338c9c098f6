import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppError, Hex } from '@zhenmei/kernel';
import { keccak256, numberToHex, toRlp } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChainReader, connectChain, revertReason } from './client.ts';
import { notebookCode, put, REFUSED } from './fixtures/notebook.ts';
import { type TestChain, testChain } from './fixtures/test-chain.ts';

let node: TestChain;
let chain: ChainReader;
let contract: Hex;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: AppError) => error.code,
  );

beforeAll(async () => {
  node = await testChain();
  chain = await connectChain(node);
  contract = await node.deploy(notebookCode);
  for (let n = 1; n <= 6; n++) await node.mine([await node.sign(contract, put(n, n * 10))]);
});
afterAll(() => node.stop());

describe('connecting', () => {
  it('refuses another chain by name', async () => {
    expect(await connectChain({ url: node.url, chainId: 1 }).catch((error: AppError) => error)).toMatchObject(
      {
        code: 'CHAIN_ID_WRONG',
        params: { expected: 1, actual: node.chainId },
      },
    );
  });

  it('says that a node is not available', async () => {
    expect(await codeOf(connectChain({ url: 'http://127.0.0.1:9', chainId: 1 }))).toBe('CHAIN_UNAVAILABLE');
  });
});

describe('reading', () => {
  it('knows the head, and that gas is free', async () => {
    expect(await chain.head()).toMatchObject({ number: 7, hash: expect.stringMatching(/^0x/) });
    expect(await chain.fees()).toEqual({ maxFeePerGas: 0n, maxPriorityFeePerGas: 0n });
  });

  it('gives evidence whose header hashes to the block, and whose proofs begin at its state root', async () => {
    const slots = [1, 9].map((n) => numberToHex(n, { size: 32 }));
    const word = (n: number) => numberToHex(n, { size: 32 });
    const slotOf = async () => chain.evidence(4, [{ address: contract, slots }]);
    const { block, proofs } = await slotOf();
    const [proof] = proofs as {
      accountProof: Hex[];
      storageHash: Hex;
      storageProof: { value: Hex; proof: Hex[] }[];
    }[];
    expect(keccak256(headerOf(block))).toBe(block.hash);
    expect(keccak256(proof!.accountProof[0]!)).toBe(block.stateRoot);
    expect(keccak256(proof!.storageProof[0]!.proof[0]!)).toBe(proof!.storageHash);
    expect(proof!.storageProof.map(({ value }) => word(Number(value)))).toEqual([word(10), word(0)]);
  });

  it('gives no evidence of a block that is not there', async () => {
    expect(await codeOf(chain.evidence(99, []))).toBe('CHAIN_UNAVAILABLE');
  });

  it('names the reason of a revert', async () => {
    const error: unknown = await chain.viem.call({ to: contract, data: put(0, 1) }).catch((e: unknown) => e);
    expect(revertReason(error)).toBe(REFUSED);
    expect(revertReason(new Error('no reason'))).toBe('no reason');
    expect(revertReason(null)).toBe('revert');
  });
});

describe('logs', () => {
  it('asks in smaller parts when a node refuses the whole', async () => {
    const all = await chain.logs(0, 7, [contract]);
    expect(all.length).toBe(6);
    const asked: number[] = [];
    const strict = await nodeThat((method, params) => {
      if (method !== 'eth_getLogs') return null;
      const { fromBlock, toBlock } = params[0] as { fromBlock: Hex; toBlock: Hex };
      asked.push(Number(toBlock) - Number(fromBlock) + 1);
      return asked.at(-1)! > 2 ? { code: -32005, message: 'range too large' } : null;
    });
    const reader = await connectChain({ url: strict.url, chainId: node.chainId });
    expect(await reader.logs(0, 7, [contract])).toEqual(all);
    expect(Math.max(...asked)).toBe(8);
    strict.close();
  });

  it('does not cut a single block, and gives up when the node is away', async () => {
    const refusing = await nodeThat((method) =>
      method === 'eth_getLogs' ? { code: -32005, message: 'never' } : null,
    );
    const reader = await connectChain({ url: refusing.url, chainId: node.chainId });
    await expect(reader.logs(3, 3, [contract])).rejects.toThrow('never');
    refusing.close();
    expect(await codeOf(reader.logs(0, 7, [contract]))).toBe('CHAIN_UNAVAILABLE');
  });

  it('asks nothing for no block and no contract', async () => {
    expect([await chain.logs(5, 4, [contract]), await chain.logs(0, 7, [])]).toEqual([[], []]);
  });
});

/** A node in front of ours that refuses what it is told to. */
async function nodeThat(refuses: (method: string, params: unknown[]) => object | null) {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const { id, method, params } = JSON.parse(body) as { id: number; method: string; params: unknown[] };
      const error = refuses(method, params);
      response.setHeader('content-type', 'application/json');
      if (error) response.end(JSON.stringify({ jsonrpc: '2.0', id, error }));
      else
        fetch(node.url, { method: 'POST', body, headers: { 'content-type': 'application/json' } }).then(
          async (reply) => response.end(await reply.text()),
          () => response.destroy(),
        );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** RLP of all 21 fields. */
function headerOf(block: Record<string, unknown>): Hex {
  const quantity = new Set([
    'difficulty',
    'number',
    'gasLimit',
    'gasUsed',
    'timestamp',
    'baseFeePerGas',
    'blobGasUsed',
    'excessBlobGas',
  ]);
  const names = [
    'parentHash',
    'sha3Uncles',
    'miner',
    'stateRoot',
    'transactionsRoot',
    'receiptsRoot',
    'logsBloom',
    'difficulty',
    'number',
    'gasLimit',
    'gasUsed',
    'timestamp',
    'extraData',
    'mixHash',
    'nonce',
    'baseFeePerGas',
    'withdrawalsRoot',
    'blobGasUsed',
    'excessBlobGas',
    'parentBeaconBlockRoot',
    'requestsHash',
  ];
  return toRlp(
    names.map((name) => {
      const value = block[name] as Hex;
      if (!quantity.has(name)) return value;
      return BigInt(value) === 0n
        ? '0x'
        : numberToHex(BigInt(value), { size: Math.ceil(BigInt(value).toString(16).length / 2) });
    }),
  );
}
