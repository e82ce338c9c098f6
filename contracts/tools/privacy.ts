/**
 * What may stand on chain: every field of every event and of every transaction's calldata is `public` (a fact about an
 * institution, a rule or money), a `commitment` (random to whoever lacks a secret), a `root`, or a `call` whose own
 * fields are looked at in turn. `contracts/privacy.json` says which; what it does not name is refused.
 */
import fs from 'node:fs';
import type { Abi, AbiParameter } from 'viem';
import * as abis from '../generated/abis.ts';

const KINDS = ['public', 'commitment', 'root', 'call'] as const;
export type Kind = (typeof KINDS)[number];

/** Names of fields by kind, for each contract and each struct; what hides something also says why it does. */
export type Table = Readonly<
  Record<
    string,
    {
      readonly public?: readonly string[];
      readonly call?: readonly string[];
      readonly commitment?: Readonly<Record<string, string>>;
      readonly root?: Readonly<Record<string, string>>;
    }
  >
>;

export interface Field {
  /** The contract, or the struct that it is a member of. */
  readonly owner: string;
  readonly name: string;
  /** Solidity type. */
  readonly type: string;
}

export const TABLE = JSON.parse(
  fs.readFileSync(new URL('../privacy.json', import.meta.url), 'utf8'),
) as Table;

/** ABIs by the name of their contract. */
export const ABIS: Readonly<Record<string, Abi>> = Object.fromEntries(
  Object.entries(abis)
    .filter(([name]) => name.endsWith('Abi'))
    .map(([name, abi]) => [name.slice(0, -'Abi'.length), abi as Abi]),
);

/** The kind of a field, or null if the table does not name it, or names it twice. */
export function kindOf(table: Table, { owner, name }: Pick<Field, 'owner' | 'name'>): Kind | null {
  const own = table[owner] ?? {};
  const found = KINDS.filter((kind) => {
    const part = own[kind];
    return Array.isArray(part) ? part.includes(name) : part !== undefined && Object.hasOwn(part, name);
  });
  return found.length === 1 ? found[0]! : null;
}

/** `struct ICareEscrow.Terms[]` → `Terms` */
export const structOf = ({ internalType }: AbiParameter): string =>
  /^struct (?:\w+\.)?(\w+)/.exec(internalType ?? '')?.[1] ?? '';

const fieldsOf = (owner: string, inputs: readonly AbiParameter[]): Field[] =>
  inputs.flatMap((input) =>
    'components' in input
      ? fieldsOf(structOf(input), input.components)
      : [{ owner, name: input.name ?? '', type: input.type }],
  );

/** Fields of events and of whatever writes. */
export const writtenBy = (contract: string, abi: Abi): Field[] =>
  abi.flatMap((item) =>
    item.type === 'event' ||
    (item.type === 'function' && item.stateMutability !== 'view' && item.stateMutability !== 'pure')
      ? fieldsOf(contract, item.inputs)
      : [],
  );

/** A hidden value has room for 20 bytes of randomness; a signature is as long as it likes. */
const HIDES = /^(?:bytes|bytes32|address|uint256)(?:\[\])*$/;

/** One line for each field that may not be there, and each line of the table that is about nothing. */
export function privacyFaults(contracts: Readonly<Record<string, Abi>>, table: Table): string[] {
  const all = Object.entries(contracts).flatMap(([contract, abi]) => writtenBy(contract, abi));
  const fields = new Map(all.map((field) => [`${field.owner}.${field.name} (${field.type})`, field]));
  const faults: string[] = [];
  for (const [called, field] of fields) {
    const kind = kindOf(table, field);
    const { type } = field;
    if (kind === null) faults.push(`${called} is of no kind, or of two`);
    else if (kind === 'call' && !/^bytes(?:\[\])?$/.test(type)) faults.push(`${called} cannot be a call`);
    else if (kind === 'commitment' && !HIDES.test(type))
      faults.push(`${called} is too small to hide anything`);
    else if (kind === 'root' && !/^(?:bytes32|uint256)$/.test(type))
      faults.push(`${called} cannot be a root`);
  }
  const written = new Set(all.map(({ owner, name }) => `${owner}.${name}`));
  for (const [owner, own] of Object.entries(table))
    for (const part of Object.values(own))
      for (const name of Array.isArray(part) ? part : Object.keys(part))
        if (!written.has(`${owner}.${name}`)) faults.push(`${owner}.${name} is not written by anything`);
  return faults;
}
