/**
 * Alters each contract's runtime code, one instruction at a time, and asks the suite to notice. Prints a table and the
 * lowest score; `--only NAME,NAME` limits it, `--survivors` names what nobody noticed. Exit code 1 below 95 %.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { encodeAbiParameters, parseAbiParameters, toHex } from 'viem';
import { binaryPath, forge, ROOT } from './forge.ts';
import { instructionsOf } from './mutate/bytecode.ts';
import { compileAll, type Sources } from './mutate/compile.ts';
import { equivalentClass, isTie, type Mutant, mutantsOf } from './mutate/operators.ts';
import { creationOf, libraryCode, type SuiteTest, testsOf } from './mutate/tests.ts';

const ENOUGH = 0.95;
const WORLD = ['Registries.t.sol:RegistriesTest'];
const ESCROW = ['Open', 'Life', 'Exit', 'Dispute', 'Absence', 'Funding', 'Edges', 'Attacks'].map(
  (n) => `CareEscrow${n}.t.sol:CareEscrow${n}Test`,
);
const LOANS = ['Book', 'Life', 'Pool', 'Attacks', 'Edges', 'Records', 'Calls', 'Frame'].map(
  (n) => `Instalment${n}.t.sol:Instalment${n}Test`,
);
const TILL = 'GuaranteePoolEdges.t.sol:TillTokensTest';
const COIN = 'GuaranteePoolEdges.t.sol:GuaranteePoolCoinTest';
const GUARANTEE = ['', 'Claim', 'Lapse', 'Edges', 'Attacks'].map(
  (n) => `GuaranteeBook${n}.t.sol:GuaranteeBook${n}Test`,
);
const ACCOUNTS = ['Accounts.t.sol:AccountsTest'];
const CLAIMS = ['', 'Attacks', 'Shared', 'Deposits'].map(
  (n) => `GuaranteePanel${n}.t.sol:GuaranteePanel${n}Test`,
);
const PANEL = [
  'AssessorPanel',
  'AssessorPanelDraw',
  'AssessorPanelVotes',
  'AssessorPanelEnd',
  'AssessorPanelEdges',
  'AssessorPanelQuiet',
  'AssessorPanelWaiting',
  'PanelAttacks',
].map((n) => `${n}.t.sol:${n}Test`);
/** Which tests of the suite are about which contract. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  CareEscrow: [...ESCROW, 'Params.t.sol:ParamsTest', 'Attacks.t.sol:AttacksTest', ...WORLD],
  Params: ['Params.t.sol:ParamsTest'],
  TokenGate: ['TokenGate.t.sol:TokenGateTest'],
  SettlementUnit: ['Money.t.sol:SettlementUnitTest', ...WORLD],
  UnitRegistry: ['UnitRegistry.t.sol:UnitRegistryTest', ...WORLD],
  IssuerRegistry: WORLD,
  LogAnchor: WORLD,
  ReviewGroups: ['ReviewGroups.t.sol:ReviewGroupsTest'],
  InstalmentBook: LOANS,
  InstalmentPool: [...LOANS, 'InstalmentPool.t.sol:InstalmentPoolNewTest'],
  EntryPoint: ['', 'Edges', 'Paymaster'].map((n) => `EntryPoint${n}.t.sol:EntryPoint${n}Test`),
  PasskeyAccount: ACCOUNTS,
  PasskeyAccountFactory: ACCOUNTS,
  SponsorPaymaster: ACCOUNTS,
  ClinicBond: ['ClinicBond.t.sol:ClinicBondTest', TILL, COIN, ...GUARANTEE],
  GuaranteePool: [
    'GuaranteePool.t.sol:GuaranteePoolTest',
    'GuaranteePoolEdges.t.sol:GuaranteePoolEdgesTest',
    'GuaranteePoolEdges.t.sol:GuaranteePoolNewTest',
    TILL,
    COIN,
    ...GUARANTEE,
  ],
  GuaranteeBook: GUARANTEE,
  AssessorPool: ['AssessorPool.t.sol:AssessorPoolTest', ...PANEL],
  AssessorPanel: PANEL,
  ProviderVerification: [
    'ProviderVerification',
    'VerificationEnds',
    'VerificationMoney',
    'Verifiers',
    'VerificationAttacks',
  ].map((n) => `${n}.t.sol:${n}Test`),
  GuaranteePanel: CLAIMS,
  AbsencePledge: ['', 'End', 'Attacks'].map((n) => `AbsencePledge${n}.t.sol:AbsencePledge${n}Test`),
};

interface Share {
  readonly from: number;
  readonly to: number;
}

interface Score {
  readonly name: string;
  readonly counted: number;
  readonly killed: number;
  readonly equivalent: number;
  readonly survivors: readonly string[];
  /** From the beginning of its first share to the end of its last. */
  readonly ms: number;
}

/** Mutants that one process tries; what has more is shared out, so that one contract keeps every core busy. */
const SHARE = 300;

const argument = (flag: string) =>
  process.argv.includes(flag) ? process.argv[process.argv.indexOf(flag) + 1] : undefined;

/** Where each statement `emit …;` and each function stands in a file. */
function placesOf(text: string) {
  const ranges = (pattern: RegExp) =>
    [...text.matchAll(pattern)].map((m) => [m.index, m.index + m[0].length, m[1] ?? ''] as const);
  return {
    emits: ranges(/\bemit \w+\([\s\S]*?\);/g),
    functions: ranges(/\bfunction (\w+)\([\s\S]*?\n {4}\}/g),
  };
}

function mutantsIn(sources: Sources, name: string) {
  const { code, sourceMap } = sources.contracts.get(name)!;
  const places = new Map([...sources.files].map(([id, { text }]) => [id, placesOf(text)]));
  const within = (ranges: readonly (readonly [number, number, string])[], at: number) =>
    ranges.find(([from, to]) => at >= from && at < to);
  const textOf = (file: number, start: number, length: number): string | null => {
    const source = sources.files.get(file);
    return source?.path.startsWith('src/') ? source.text.slice(start, start + length) : null;
  };
  const list = instructionsOf(code, sourceMap);
  let equivalent = 0;
  const mutants = mutantsOf(list, ({ file, start, length }) => textOf(file, start, length)).filter(
    (mutant) => {
      const { file, start, length } = mutant.of;
      const inEmit = within(places.get(file)!.emits, start) !== undefined;
      const text = textOf(file, start, length)!;
      const rest = () => sources.files.get(file)!.text.slice(start + length, start + length + 200);
      const same =
        equivalentClass(list, mutant.index, text, inEmit, code) !== null ||
        (mutant.what === 'border' && isTie(text, rest()));
      if (same) equivalent++;
      return !same;
    },
  );
  const describe = (m: Mutant) => {
    const { file, start, length } = m.of;
    const text = sources.files.get(file)!;
    const line = text.text.slice(0, start).split('\n').length;
    return `${text.path}:${line} @${m.at} ${m.what}: ${textOf(file, start, length)!.replace(/\s+/g, ' ').slice(0, 90)}`;
  };
  const functionOf = (m: Mutant) => within(places.get(m.of.file)!.functions, m.of.start)?.[2] ?? '';
  return { mutants, equivalent, describe, functionOf, size: code.length };
}

/**
 * Tests named after the altered function come first, then those that call it: most mutants are noticed by one of them.
 * Those that wait for an event come last: where it does not come, forge ends the table and has to be started anew.
 */
function orderOf(tests: readonly SuiteTest[], fn: string): number[] {
  const name = fn.replace(/^_/, '');
  const rank = ({ name: test, body }: SuiteTest) => {
    if (body.includes('vm.expectEmit(')) return 3;
    if (name && test.toLowerCase().includes(`_${name.toLowerCase()}`)) return 0;
    return name && body.includes(`.${name}(`) ? 1 : 2;
  };
  return tests.map((_, i) => i).sort((a, b) => rank(tests[a]!) - rank(tests[b]!) || a - b);
}

/** A contract's mutants, and the tests that shall notice them. */
function tableOf(sources: Sources, name: string) {
  const found = mutantsIn(sources, name);
  const suites = SUITES[name]!;
  const tests = testsOf(suites);
  const calls = tests.map((t) =>
    encodeAbiParameters(parseAbiParameters('uint256, bytes'), [BigInt(t.suite), t.data]),
  );
  const planOf = (mutants: readonly Mutant[]) =>
    encodeAbiParameters(parseAbiParameters('bytes, bytes[], uint256, bytes[], bytes[]'), [
      libraryCode(),
      suites.map(creationOf),
      BigInt(found.size),
      mutants.map((m) =>
        encodeAbiParameters(parseAbiParameters('uint256, bytes, uint16[]'), [
          BigInt(m.at),
          toHex(Uint8Array.from(m.patch)),
          orderOf(tests, found.functionOf(m)),
        ]),
      ),
      calls,
    ]);
  return { name, ...found, tests, planOf };
}
type Table = ReturnType<typeof tableOf>;

/** @param from, to which of the table's mutants @returns those that nobody noticed */
async function survivorsOf(
  { name, mutants, tests, planOf }: Table,
  { from, to }: Share,
  folder: string,
): Promise<Mutant[]> {
  const share = mutants.slice(from, to);
  const files = {
    plan: path.join(folder, `${name}.${from}.plan`),
    answers: path.join(folder, `${name}.${from}.answers`),
  };
  fs.writeFileSync(files.plan, Buffer.from(planOf(share).slice(2), 'hex'));
  fs.rmSync(files.answers, { force: true });
  const answers = () =>
    fs.existsSync(files.answers) ? fs.readFileSync(files.answers, 'utf8').trim().split('\n') : [];
  let tried = 0;
  while (tried < share.length) {
    const env = { MUTATION_PLAN: files.plan, MUTATION_ANSWERS: files.answers, MUTATION_FROM: String(tried) };
    const output = await runForge(env);
    const done = answers().filter((line) => !line.startsWith('skip ')).length;
    // forge ends the table at a test that failed while it waited for an event; its answer is written already
    if (done === tried) throw new Error(`${name}: nothing was tried after ${tried}\n${output.slice(-2000)}`);
    tried = done;
  }
  const lines = answers();
  for (const line of lines.filter((l) => l.startsWith('skip '))) {
    const test = tests[Number(line.slice(5))]!;
    if (!test.fuzzed) throw new Error(`${test.name} fails with the real ${name}`);
  }
  const killer = new Map(
    lines
      .filter((l) => !l.startsWith('skip '))
      .map((l) => l.split(' '))
      .map(([i, by]) => [Number(i), by]),
  );
  return share.filter((_, i) => killer.get(i) === undefined);
}

/** The table is a project of its own: forge reads all there is at each start, and starts anew after many a mutant. */
const TABLE = {
  FOUNDRY_SRC: 'test/mutation',
  FOUNDRY_TEST: 'test/mutation',
  FOUNDRY_OUT: 'cache/mutation/out',
  FOUNDRY_CACHE_PATH: 'cache/mutation/forge',
};

function runForge(env: Record<string, string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = [
      'test',
      '--root',
      '.',
      '--match-contract',
      'MutantsRun',
      '--memory-limit',
      '4294967296',
      '--gas-limit',
      '1000000000000000',
    ];
    const child = spawn(binaryPath('forge'), args, {
      cwd: ROOT,
      env: { ...process.env, ...TABLE, FOUNDRY_HARDFORK: 'osaka', ...env },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.once('error', reject);
    child.once('exit', () => resolve(text));
  });
}

for (const env of [{}, TABLE]) {
  const built = forge(['build', '--silent'], env);
  if (built.code !== 0) throw new Error(built.stdout + built.stderr);
}
const only = argument('--only')?.split(',');
const names = Object.keys(SUITES).filter((name) => only?.includes(name) ?? true);
const sources = compileAll(names);
const started = Date.now();
const folder = path.join(ROOT, 'cache', 'mutation');
fs.mkdirSync(folder, { recursive: true });
const tables = names.map((name) => tableOf(sources, name));
// the longest first: a thread that ends early has nothing left to take
const waiting = tables
  .toSorted((a, b) => b.size - a.size)
  .flatMap((table) => {
    const shares = Math.max(1, Math.ceil(table.mutants.length / SHARE));
    const place = (i: number) => Math.round((table.mutants.length * i) / shares);
    return Array.from({ length: shares }, (_, i) => ({ table, from: place(i), to: place(i + 1) }));
  });
const done = new Map(tables.map(({ name }) => [name, { since: Infinity, until: 0, left: [] as Mutant[] }]));
await Promise.all(
  Array.from({ length: Math.min(2, os.availableParallelism()) }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const of = done.get(next.table.name)!;
      of.since = Math.min(of.since, Date.now());
      of.left.push(...(await survivorsOf(next.table, next, folder)));
      of.until = Date.now();
    }
  }),
);
const scores = tables.map(({ name, mutants, equivalent, describe }): Score => {
  const { since, until, left } = done.get(name)!;
  const survivors = left.map(describe);
  const counted = mutants.length;
  return { name, counted, killed: counted - left.length, equivalent, survivors, ms: until - since };
});
const percent = ({ killed, counted }: Score) => `${((100 * killed) / counted).toFixed(1)} %`;
console.log(
  `${'contract'.padEnd(24)}${'mutants'.padStart(8)}${'noticed'.padStart(9)}${'score'.padStart(9)}${'equivalent'.padStart(12)}${'time'.padStart(9)}`,
);
for (const s of scores) {
  console.log(
    `${s.name.padEnd(24)}${String(s.counted).padStart(8)}${String(s.killed).padStart(9)}${percent(s).padStart(9)}${String(s.equivalent).padStart(12)}${`${(s.ms / 1000).toFixed(1)} s`.padStart(9)}`,
  );
  if (process.argv.includes('--survivors')) for (const line of s.survivors) console.log(`  ${line}`);
}
const lowest = scores.reduce((low, s) => (s.killed / s.counted < low.killed / low.counted ? s : low));
console.log(
  `\n${scores.reduce((n, s) => n + s.counted, 0)} mutants in ${((Date.now() - started) / 1000).toFixed(1)} s; lowest score ${percent(lowest)} (${lowest.name})`,
);
process.exitCode = lowest.killed / lowest.counted >= ENOUGH ? 0 : 1;
