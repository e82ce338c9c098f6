/** From logs to events with plain values. */
import type { Hex } from '@zhenmei/kernel';
import { type Abi, type AbiEvent, decodeEventLog, toEventSelector } from 'viem';
import type { NodeLog } from './client.ts';

export interface IndexedEvent {
  /** The name under which the contract was given. */
  readonly contract: string;
  readonly name: string;
  /** bigint as decimal text, so that a stored event and a fresh one are the same; bytes and addresses in lower case. */
  readonly args: Readonly<Record<string, string | number | boolean>>;
  readonly block: number;
  readonly logIndex: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly txHash: Hex;
}

interface Known {
  readonly name: string;
  readonly events: ReadonlyMap<Hex, { abi: AbiEvent; texts: ReadonlySet<string> }>;
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
              {
                abi: event,
                texts: new Set(event.inputs.filter((i) => i.type === 'string').map((i) => i.name ?? '')),
              },
            ]),
          ),
        },
      ]),
    );
  }

  /** One event, or none if the contract or its event is not among those given. */
  decode(log: NodeLog, time: number): IndexedEvent[] {
    const contract = this.byAddress.get(log.address.toLowerCase());
    const event = contract?.events.get(log.topics[0] ?? '0x');
    if (!contract || !event) return [];
    const { args } = decodeEventLog({
      abi: [event.abi],
      topics: log.topics as [Hex, ...Hex[]],
      data: log.data,
    }) as { args?: Record<string, unknown> };
    return [
      {
        contract: contract.name,
        name: event.abi.name,
        args: Object.fromEntries(
          Object.entries(args ?? {}).map(([key, value]) => [key, plain(value, event.texts.has(key))]),
        ),
        block: Number(log.blockNumber),
        logIndex: Number(log.logIndex),
        time,
        txHash: log.transactionHash,
      },
    ];
  }
}

function plain(value: unknown, text: boolean): string | number | boolean {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return !text && value.startsWith('0x') ? value.toLowerCase() : value;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
}
