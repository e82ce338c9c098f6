/** From logs to events with plain values. */
import type { Hex } from '@zhenmei/kernel';
import { type Abi, type AbiEvent, type AbiParameter, decodeEventLog, toEventSelector } from 'viem';
import type { NodeLog } from './client.ts';

export interface IndexedEvent {
  /** The name under which the contract was given. */
  readonly contract: string;
  readonly name: string;
  /** bigint as decimal text, so that a stored event and a fresh one are the same; bytes and addresses in lower case. */
  readonly args: Readonly<Record<string, Plain>>;
  readonly block: number;
  readonly logIndex: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly txHash: Hex;
}

type Plain = string | number | boolean;
type Arguments = (log: NodeLog) => Record<string, Plain>;

interface Known {
  readonly name: string;
  readonly events: ReadonlyMap<Hex, { readonly name: string; readonly decode: Arguments }>;
}

export class Decoder {
  private readonly byAddress: ReadonlyMap<string, Known>;

  constructor(contracts: Readonly<Record<string, { address: Hex; abi: Abi }>>) {
    this.byAddress = new Map(
      Object.entries(contracts).map(([name, { address, abi }]) => [
        address.toLowerCase(),
        {
          name,
          events: new Map(
            (abi.filter((item) => item.type === 'event') as AbiEvent[]).map((event) => [
              toEventSelector(event),
              { name: event.name, decode: ofWords(event) ?? ofAnything(event) },
            ]),
          ),
        },
      ]),
    );
  }

  /** One event, or none if the contract or its event is not among those given. Throws if the data does not fit. */
  decode(log: NodeLog, time: number): IndexedEvent[] {
    const contract = this.byAddress.get(log.address.toLowerCase());
    const event = contract?.events.get(log.topics[0] ?? '0x');
    if (!contract || !event) return [];
    return [
      {
        contract: contract.name,
        name: event.name,
        args: event.decode(log),
        block: Number(log.blockNumber),
        logIndex: Number(log.logIndex),
        time,
        txHash: log.transactionHash,
      },
    ];
  }
}

/** Events whose values are all single words have a fixed layout: about ten times as fast as the general way. */
function ofWords(event: AbiEvent): Arguments | null {
  const read = event.inputs.map((input) => wordReader(input));
  if (read.some((reader) => reader === null) || event.inputs.some(({ name }) => !name)) return null;
  const size = event.inputs.filter((input) => !input.indexed).length * 64 + 2;
  const topics = event.inputs.length - (size - 2) / 64 + 1;
  return (log) => {
    if (log.topics.length !== topics || log.data.length < size)
      throw new Error(`the data of ${event.name} does not fit`);
    const args: Record<string, Plain> = {};
    const words = { topic: 1, data: 0 };
    for (const [i, input] of event.inputs.entries()) {
      const at = 2 + 64 * words.data;
      const word = input.indexed ? log.topics[words.topic]!.slice(2) : log.data.slice(at, at + 64);
      words[input.indexed ? 'topic' : 'data']++;
      args[input.name!] = read[i]!(word);
    }
    return args;
  };
}

function wordReader({ type }: AbiParameter): ((word: string) => Plain) | null {
  if (type === 'address') return (word) => `0x${word.slice(24)}`.toLowerCase();
  if (type === 'bool') return (word) => word.endsWith('1');
  const bytes = /^bytes(\d+)$/.exec(type);
  if (bytes) return (word) => `0x${word.slice(0, Number(bytes[1]) * 2)}`.toLowerCase();
  const int = /^(u?)int(\d+)$/.exec(type);
  if (!int) return null;
  const bits = Number(int[2]);
  return (word) => {
    const value = int[1] ? BigInt(`0x${word}`) : BigInt.asIntN(bits, BigInt(`0x${word}`));
    // small numbers are numbers, as in viem
    return bits <= 48 ? Number(value) : value.toString();
  };
}

function ofAnything(event: AbiEvent): Arguments {
  const texts = new Set(event.inputs.filter((i) => i.type === 'string' && !i.indexed).map((i) => i.name));
  return (log) => {
    const { args } = decodeEventLog({
      abi: [event],
      topics: log.topics as [Hex, ...Hex[]],
      data: log.data,
    }) as { args?: Record<string, unknown> };
    return Object.fromEntries(
      Object.entries(args ?? {}).map(([key, value]) => [key, texts.has(key) ? String(value) : plain(value)]),
    );
  };
}

function plain(value: unknown): Plain {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
}
