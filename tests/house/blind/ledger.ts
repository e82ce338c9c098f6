/** Everything that was ever written to the ledger, field by field, judged by `contracts/privacy.json`. */
import { creationCode } from '@zhenmei/contracts/generated/bytecode.ts';
import { ABIS, kindOf, structOf, TABLE, type Table } from '@zhenmei/contracts/tools/privacy.ts';
import type { Hex } from '@zhenmei/kernel';
import {
  type Abi,
  type AbiParameter,
  decodeAbiParameters,
  decodeEventLog,
  decodeFunctionData,
  type PublicClient,
} from 'viem';

/** A value that hides something, and where it stood. */
export interface Hidden {
  readonly field: string;
  readonly value: string;
}

export interface Judged {
  readonly transactions: number;
  readonly events: number;
  readonly fields: number;
  /** What is of no kind, or cannot be read at all. */
  readonly unjudged: readonly string[];
  readonly hidden: readonly Hidden[];
}

const BATCH = [
  {
    type: 'tuple[]',
    components: [
      { name: 'target', type: 'address' },
      { name: 'value', type: 'uint256' },
      { name: 'callData', type: 'bytes' },
    ],
  },
] as const;

export class Ledger {
  private readonly table: Table;
  /** Names of contracts by address in lower case; every other account that is called is one of an organisation. */
  private readonly names: ReadonlyMap<string, string>;
  private fields = 0;
  private readonly unjudged: string[] = [];
  private readonly hidden: Hidden[] = [];

  constructor(contracts: Readonly<Record<string, string>>, table: Table = TABLE) {
    this.table = table;
    this.names = new Map(Object.entries(contracts).map(([name, at]) => [at.toLowerCase(), name]));
  }

  /** Reads block by block. */
  async judge(chain: Pick<PublicClient, 'getBlock' | 'getLogs' | 'getBlockNumber'>): Promise<Judged> {
    const last = await chain.getBlockNumber();
    let transactions = 0;
    for (let number = 1n; number <= last; number++) {
      const block = await chain.getBlock({ blockNumber: number, includeTransactions: true });
      for (const tx of block.transactions) {
        transactions++;
        if (tx.to !== null) this.call(tx.to, tx.input);
        // the deployer makes every other contract
        else if (!tx.input.startsWith(creationCode.Deployer!.code))
          this.fault('an unknown contract was made');
      }
    }
    const logs = await chain.getLogs({ fromBlock: 1n, toBlock: last });
    for (const log of logs) this.event(log.address, log.data, log.topics as [Hex, ...Hex[]]);
    return { ...this.judged(), transactions, events: logs.length };
  }

  judged(): Omit<Judged, 'transactions' | 'events'> {
    return { fields: this.fields, unjudged: [...new Set(this.unjudged)], hidden: this.hidden };
  }

  call(to: string, data: Hex): void {
    if (data === '0x') return;
    const contract = this.names.get(to.toLowerCase()) ?? 'PasskeyAccount';
    const abi = ABIS[contract];
    if (!abi) {
      this.fault(`${contract} was called and has no description`);
      return;
    }
    try {
      const { functionName, args = [] } = decodeFunctionData({ abi, data });
      const item = abi.find(
        (one) => one.type === 'function' && one.name === functionName && one.inputs.length === args.length,
      );
      this.walk(contract, inputsOf(item), args as readonly unknown[], to);
    } catch {
      this.fault(`a call of ${contract} cannot be read: ${data.slice(0, 10)}`);
    }
  }

  event(at: string, data: Hex, topics: [Hex, ...Hex[]]): void {
    const contract = this.names.get(at.toLowerCase()) ?? 'PasskeyAccount';
    try {
      const { eventName, args } = decodeEventLog({ abi: ABIS[contract] as Abi, data, topics });
      const item = ABIS[contract]!.find((one) => one.type === 'event' && one.name === eventName);
      const inputs = inputsOf(item);
      this.walk(
        contract,
        inputs,
        inputs.map(({ name }) => (args as unknown as Record<string, unknown> | undefined)?.[name ?? '']),
        at,
      );
    } catch {
      this.fault(`an event of ${contract} cannot be read: ${topics[0]}`);
    }
  }

  private walk(owner: string, inputs: readonly AbiParameter[], values: readonly unknown[], to: string): void {
    for (const [i, input] of inputs.entries()) {
      const value = values[i];
      for (const one of input.type.endsWith(']') ? (value as readonly unknown[]) : [value])
        if ('components' in input) {
          const record = one as Record<string, unknown>;
          const target = typeof record.to === 'string' ? record.to : to;
          const members = input.components.map(({ name }) => record[name ?? '']);
          this.walk(structOf(input), input.components, members, target);
        } else this.field(owner, input.name ?? '', one, to);
    }
  }

  private field(owner: string, name: string, value: unknown, to: string): void {
    this.fields++;
    const kind = kindOf(this.table, { owner, name });
    if (kind === null) this.fault(`${owner}.${name}`);
    else if (kind === 'call') this.inner(name, value as Hex, to);
    else if (kind !== 'public') this.hidden.push({ field: `${owner}.${name}`, value: String(value) });
  }

  private inner(name: string, data: Hex, to: string): void {
    if (data === '0x') return;
    // the factory's address, and what it is asked to make
    if (name === 'initCode') this.call(data.slice(0, 42), `0x${data.slice(42)}`);
    // ERC-7821: a batch of calls
    else if (name === 'executionData')
      for (const { target, callData } of decodeAbiParameters(BATCH, data)[0]) this.call(target, callData);
    // the account of an organisation is called: none of the named contracts is one
    else this.call(name === 'callData' ? 'account' : to, data);
  }

  private fault(text: string): void {
    this.unjudged.push(text);
  }
}

const inputsOf = (item: Abi[number] | undefined): readonly AbiParameter[] =>
  item && 'inputs' in item ? item.inputs : [];
