/** What is made of a node's answers, of its refusals, and of its silence. */
import { AppError, type Hex } from '@zhenmei/kernel';
import { createPublicClient, custom, encodeFunctionData, erc20Abi } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { beforeEach, describe, expect, it } from 'vitest';
import { isAnswer, isRevert } from './node-answers.ts';
import { tokenChain } from './token-chain.ts';

const KEY = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const COIN: Hex = `0x${'c0'.repeat(20)}`;
const TO: Hex = `0x${'ab'.repeat(20)}`;
const word = (n: bigint): Hex => `0x${n.toString(16).padStart(64, '0')}`;

/** What the node says to each method; throws what it refuses with. */
let says: Record<string, () => unknown> = {};
let asked: string[] = [];
const request = async ({ method }: { method: string }): Promise<unknown> => {
  asked.push(method);
  if (!says[method]) throw new AppError('CHAIN_UNAVAILABLE');
  return says[method]();
};
const viem = createPublicClient({ transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 });
const port = tokenChain({
  chain: { chainId: 7, viem, rpc: (method: string) => request({ method }) } as never,
  escrow: TO,
  tokenOf: async () => null,
  confirmations: 0,
});
const refuses = (code: number, message: string) => (): never => {
  throw Object.assign(new Error('refused'), { cause: Object.assign(new Error(message), { code }) });
};
const block = { number: '0x1', timestamp: '0x1', baseFeePerGas: '0x0', transactions: [], hash: word(1n) };
let signed: Hex;

beforeEach(async () => {
  asked = [];
  says = {
    eth_getTransactionReceipt: () => null,
    eth_getTransactionByHash: () => null,
    eth_getBlockByNumber: () => block,
    eth_getTransactionCount: () => '0x0',
    eth_getBalance: () => '0x0',
    eth_call: () => '0x',
    eth_sendRawTransaction: () => word(2n),
  };
  signed = await KEY.signTransaction({
    type: 'eip1559',
    chainId: 7,
    nonce: 0,
    to: COIN,
    gas: 200_000n,
    maxFeePerGas: 0n,
    maxPriorityFeePerGas: 0n,
    data: encodeFunctionData({ abi: erc20Abi, functionName: 'transfer', args: [TO, 5n] }),
  });
});

describe('permits of a coin', () => {
  it.each([
    ['as many as it says', (): unknown => word(3n), 3n],
    ['none where it answers nothing', (): unknown => '0x', 0n],
    ['none where it reverts', refuses(3, 'execution reverted'), 0n],
    ['none where an older node says so', refuses(-32000, 'VM Exception: invalid opcode'), 0n],
  ] as const)('are %s', async (_, answer, found) => {
    says.eth_call = answer;
    expect(await port.permits(COIN, KEY.address)).toBe(found);
  });

  it.each([
    ['a node that is away', () => Promise.reject(new AppError('CHAIN_UNAVAILABLE'))],
    ['a limit', refuses(-32005, 'limit exceeded, request reverted')],
    ['an error inside the node', refuses(-32603, 'header not found')],
    ['a connection that breaks', () => Promise.reject(new Error('socket hang up'))],
  ] as const)('are not known by %s', async (_, answer) => {
    says.eth_call = answer;
    await expect(port.permits(COIN, KEY.address)).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    // neither is whether the coin is stopped
    await expect(port.moves(COIN, KEY.address, 5n)).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
  });

  it('a coin that says no, or answers no, does not move', async () => {
    says.eth_call = refuses(3, 'execution reverted: paused');
    expect(await port.moves(COIN, KEY.address, 5n)).toBe(false);
    says.eth_call = () => word(0n);
    expect(await port.moves(COIN, KEY.address, 5n)).toBe(false);
    says.eth_call = () => word(1n);
    expect(await port.moves(COIN, KEY.address, 5n)).toBe(true);
  });
});

describe('a signed return', () => {
  it('is known once it was taken, and sent once it stands on the ledger', async () => {
    expect(await port.sendFree(signed)).toBe('known');
    says.eth_getTransactionReceipt = () => ({ status: '0x1' });
    asked = [];
    expect(await port.sendFree(signed)).toBe('sent');
    expect(asked).toEqual(['eth_getTransactionReceipt']);
  });

  it('that stands there and moved nothing has failed', async () => {
    says.eth_getTransactionReceipt = () => ({ status: '0x0' });
    expect(await port.sendFree(signed)).toBe('failed');
  });

  it('of which the answer was lost is asked about by its hash', async () => {
    says.eth_sendRawTransaction = () => {
      says.eth_getTransactionByHash = () => ({ hash: word(2n) });
      throw new Error('socket hang up');
    };
    expect(await port.sendFree(signed)).toBe('known');
  });

  it('that the network refuses is refused; where nobody answered, nothing was', async () => {
    says.eth_sendRawTransaction = refuses(-32000, 'transaction type not supported');
    expect(await port.sendFree(signed)).toBe('refused');
    says.eth_sendRawTransaction = () => Promise.reject(new Error('socket hang up'));
    await expect(port.sendFree(signed)).rejects.toThrow('socket hang up');
  });

  it('whose number another transaction used can never go', async () => {
    says.eth_getTransactionCount = () => '0x1';
    expect(await port.sendFree(signed)).toBe('overtaken');
    expect(asked).not.toContain('eth_sendRawTransaction');
  });

  it('waits, unsent, while the coin would not move or the network asks more', async () => {
    says.eth_call = refuses(3, 'execution reverted: paused');
    expect(await port.sendFree(signed)).toBe('waits');
    says.eth_call = () => '0x';
    says.eth_getBlockByNumber = () => ({ ...block, baseFeePerGas: '0x1' });
    expect(await port.sendFree(signed)).toBe('waits');
    expect(asked).not.toContain('eth_sendRawTransaction');
  });
});

describe('an error of a node', () => {
  it('is a revert or an answer by its code, not by its words alone', () => {
    expect(isRevert(new Error('execution reverted'))).toBe(false);
    expect(isRevert({ code: -32601, message: 'execution reverted' })).toBe(false);
    expect(isRevert({ cause: { code: 3 } })).toBe(true);
    expect([isAnswer({ code: -32000 }), isAnswer({ code: -32005 }), isAnswer(new Error('x'))]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
