import type { Hex } from '@zhenmei/kernel';
import fc from 'fast-check';
import {
  type AbiEvent,
  decodeEventLog,
  encodeAbiParameters,
  encodeEventTopics,
  numberToHex,
  parseAbi,
} from 'viem';
import { describe, expect, it } from 'vitest';
import type { NodeLog } from './client.ts';
import { Decoder } from './decoder.ts';

const address: Hex = `0x${'ab'.repeat(20)}`;
const logOf = (event: AbiEvent, args: Record<string, unknown>): NodeLog => {
  const rest = event.inputs.filter((input) => !input.indexed);
  return {
    address,
    topics: encodeEventTopics({ abi: [event], eventName: event.name, args } as never) as Hex[],
    data: encodeAbiParameters(
      rest,
      rest.map(({ name }) => args[name!]),
    ),
    blockNumber: '0x7',
    blockHash: `0x${'00'.repeat(32)}`,
    logIndex: '0x3',
    transactionHash: `0x${'11'.repeat(32)}`,
  };
};
const decode = (event: AbiEvent, log: NodeLog) =>
  new Decoder({ One: { address, abi: [event] } }).decode(log, 5);
const bytes = (n: number) =>
  fc.uint8Array({ minLength: n, maxLength: n }).map((b) => `0x${Buffer.from(b).toString('hex')}`);

const kinds: [string, fc.Arbitrary<unknown>][] = [
  ['uint8', fc.integer({ min: 0, max: 255 })],
  ['uint48', fc.integer({ min: 0, max: 2 ** 48 - 1 })],
  ['uint64', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })],
  ['uint256', fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })],
  ['int16', fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 })],
  ['int256', fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n })],
  ['bool', fc.boolean()],
  ['address', bytes(20)],
  ['bytes4', bytes(4)],
  ['bytes32', bytes(32)],
  ['string', fc.string()],
  ['uint64[]', fc.array(fc.bigInt({ min: 0n, max: 99n }))],
];

describe('decoding', () => {
  it('says what viem says, whatever the event', () => {
    const input = fc
      .constantFrom(...kinds)
      .chain(([type, value]) => fc.record({ type: fc.constant(type), value, indexed: fc.boolean() }));
    fc.assert(
      fc.property(fc.array(input, { maxLength: 6 }), (inputs) => {
        let indexed = 0;
        const named = inputs.map(({ type, value, ...rest }, i) => ({
          name: `a${i}`,
          type,
          value,
          indexed: rest.indexed && !/string|\[/.test(type) && ++indexed <= 3,
        }));
        const event = {
          type: 'event',
          name: 'Said',
          inputs: named.map(({ name, type, indexed }) => ({ name, type, indexed })),
        } as AbiEvent;
        const log = logOf(event, Object.fromEntries(named.map(({ name, value }) => [name, value])));
        const { args = {} } = decodeEventLog({
          abi: [event],
          topics: log.topics as never,
          data: log.data,
        }) as { args?: object };
        const expected = Object.fromEntries(
          Object.entries(args).map(([key, value]) => {
            const { type } = named.find(({ name }) => name === key)!;
            if (typeof value === 'bigint') return [key, value.toString()];
            if (Array.isArray(value)) return [key, JSON.stringify(value.map(String))];
            return [key, typeof value === 'string' && type !== 'string' ? value.toLowerCase() : value];
          }),
        );
        expect(decode(event, log)).toEqual([
          {
            contract: 'One',
            name: 'Said',
            args: expected,
            block: 7,
            logIndex: 3,
            time: 5,
            txHash: log.transactionHash,
          },
        ]);
      }),
    );
  });

  const [said] = parseAbi(['event Said(uint256 indexed key, uint256 value)']);

  it('leaves out what it was not asked for', () => {
    const log = logOf(said, { key: 1n, value: 2n });
    expect(decode(said, { ...log, address: `0x${'cd'.repeat(20)}` })).toEqual([]);
    expect(decode(said, { ...log, topics: [numberToHex(1, { size: 32 })] })).toEqual([]);
    expect(decode(said, { ...log, topics: [] })).toEqual([]);
    expect(decode(said, { ...log, address: address.toUpperCase().replace('0X', '0x') as Hex }).length).toBe(
      1,
    );
  });

  it('refuses data that does not fit the event', () => {
    const log = logOf(said, { key: 1n, value: 2n });
    expect(() => decode(said, { ...log, data: '0x01' })).toThrow('does not fit');
    expect(() => decode(said, { ...log, topics: log.topics.slice(0, 1) })).toThrow('does not fit');
  });
});
