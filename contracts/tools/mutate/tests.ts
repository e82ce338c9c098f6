/** The tests of the suite as calls. Fuzzed ones get a few fixed arguments. */
import fs from 'node:fs';
import path from 'node:path';
import { type AbiFunction, encodeFunctionData, type Hex, keccak256, toBytes } from 'viem';
import { ROOT } from '../forge.ts';

export interface SuiteTest {
  readonly suite: number;
  readonly name: string;
  readonly fuzzed: boolean;
  /** What it does, as its source says it; of tests with one name, all of them. */
  readonly body: string;
  readonly data: Hex;
}

const ROUNDS = 4;

interface Artifact {
  abi: AbiFunction[];
  bytecode: { object: string };
  deployedBytecode: { object: string };
}

const read = (artifact: string): Artifact => {
  const [file, contract] = artifact.split(':') as [string, string];
  return JSON.parse(fs.readFileSync(path.join(ROOT, 'out', file, `${contract}.json`), 'utf8')) as Artifact;
};

/** Where `Mutants.t.sol` puts the library that the review groups are linked with. */
const LIBRARY = 'cccc0000'.padStart(40, '0');

/** A suite's creation code, linked. */
export const creationOf = (artifact: string): Hex =>
  read(artifact).bytecode.object.replace(/__\$[0-9a-f]{34}\$__/g, LIBRARY) as Hex;

/** The library's runtime code; it begins with the address that it stands at, so that it can tell a direct call. */
export function libraryCode(): Hex {
  const code = read('PoseidonT3.sol:PoseidonT3').deployedBytecode.object;
  return code.replace(/^0x730{40}/, `0x73${LIBRARY}`) as Hex;
}

function bodies(): Map<string, string> {
  const folder = path.join(ROOT, 'test');
  const found = new Map<string, string>();
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.t.sol')))
    for (const [body, name = ''] of fs
      .readFileSync(path.join(folder, file), 'utf8')
      .matchAll(/function (test\w*)\([\s\S]*?\n {4}\}/g))
      found.set(name, (found.get(name) ?? '') + body);
  return found;
}

/** @param artifacts `CareEscrowOpen.t.sol:CareEscrowOpenTest` */
export function testsOf(artifacts: readonly string[]): SuiteTest[] {
  const body = bodies();
  return artifacts.flatMap((artifact, suite) => {
    return read(artifact)
      .abi.filter((item) => item.type === 'function' && item.name.startsWith('test'))
      .flatMap((item) =>
        Array.from({ length: item.inputs.length > 0 ? ROUNDS : 1 }, (_, round) => ({
          suite,
          name: item.name,
          fuzzed: item.inputs.length > 0,
          body: body.get(item.name) ?? '',
          data: encodeFunctionData({
            abi: [item],
            args: item.inputs.map((input, i) => argument(input.type, item.name, round, i)),
          }),
        })),
      );
  });
}

function argument(type: string, ...seed: (string | number)[]): bigint | boolean | string {
  const random = BigInt(keccak256(toBytes(seed.join())));
  if (type === 'bool') return random % 2n === 1n;
  if (type === 'address') return `0x${random.toString(16).padStart(64, '0').slice(24)}`;
  const bits = /^(?:uint|bytes)(\d+)$/.exec(type)?.[1];
  if (!bits) throw new Error(`no argument of type ${type}`);
  if (type.startsWith('bytes'))
    return `0x${random
      .toString(16)
      .padStart(64, '0')
      .slice(0, 2 * Number(bits))}`;
  return random % 2n ** BigInt(bits);
}
