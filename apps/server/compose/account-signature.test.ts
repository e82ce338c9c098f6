/** A node answers as told: what an account says, how it refuses, and what is nobody's answer. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ChainReader, connectChain } from '@zhenmei/chain';
import type { AppError, Hex } from '@zhenmei/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountSigned } from './account-signature.ts';

const ACCOUNT: Hex = `0x${'11'.repeat(20)}`;
const HASH: Hex = `0x${'22'.repeat(32)}`;
const word = (bytes: string): Hex => `0x${bytes.padEnd(64, '0')}`;

let said: object = {};
let status = 200;
let server: http.Server;
let chain: ChainReader;
beforeAll(async () => {
  server = http.createServer((request, response) => {
    let asked = '';
    request.on('data', (part: Buffer) => {
      asked += part.toString();
    });
    request.on('end', () => {
      const { id, method } = JSON.parse(asked) as { id: number; method: string };
      const known = method === 'eth_chainId';
      response
        .writeHead(known ? 200 : status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ jsonrpc: '2.0', id, ...(known ? { result: '0x7' } : said) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  chain = await connectChain({ url: `http://127.0.0.1:${port}`, chainId: 7 });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const asked = async (answer: object, as = 200) => {
  said = answer;
  status = as;
  return accountSigned(chain, ACCOUNT, HASH, '0x').catch((error: AppError) => error.code);
};

describe('an account’s word about a signature', () => {
  it('is believed', async () => {
    expect(await asked({ result: word('1626ba7e') })).toBe(true);
  });

  it.each([
    ['it says no', { result: word('ffffffff') }],
    ['it is not deployed', { result: '0x' }],
    ['what it says cannot be read', { result: '0x16' }],
    ['it refuses', { error: { code: 3, message: 'execution reverted', data: '0x4be6321b' } }],
    ['it refuses without a reason', { error: { code: 3, message: 'execution reverted' } }],
    ['the node calls a revert an internal error', { error: { code: -32603, message: 'VM: revert' } }],
    ['the node gives a revert’s bytes', { error: { code: -32603, message: 'error', data: '0x4be6321b' } }],
    ['it runs out of gas', { error: { code: -32003, message: 'EVM error OutOfGas' } }],
  ])('is no where %s', async (_, answer) => {
    expect(await asked(answer)).toBe(false);
  });

  it.each([
    ['the node does not serve', {}, 503],
    ['the node has an error of its own', { error: { code: -32603, message: 'internal error' } }, 200],
    ['the ledger is away', { error: { code: -32603, message: 'CHAIN_UNAVAILABLE', data: {} } }, 200],
    ['the node has had enough', { error: { code: -32005, message: 'too many requests' } }, 200],
  ])('is not known where %s', async (_, answer, as) => {
    expect(await asked(answer, as)).toBe('CHAIN_UNAVAILABLE');
  });
});
