/**
 * Plants the errors of `test/mutants.json` one at a time in a copy of the contracts and asks the suite to notice.
 * Prints the survivors; exit code 1 if there are any. About ten seconds each: `--only CareEscrow` limits it.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { forge, ROOT } from './forge.ts';

type Mutants = Record<string, [find: string, replace: string][]>;

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : undefined;
const mutants = JSON.parse(fs.readFileSync(path.join(ROOT, 'test/mutants.json'), 'utf8')) as Mutants;
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'zhenmei-mutants-'));
const copy = path.join(home, 'contracts');
fs.cpSync(ROOT, copy, { recursive: true, filter: (file) => path.basename(file) !== 'node_modules' });
fs.symlinkSync(path.resolve(ROOT, '../node_modules'), path.join(home, 'node_modules'), 'dir');

let killed = 0;
const survivors: string[] = [];
try {
  for (const [name, list] of Object.entries(mutants).filter(([name]) => !only || name === only)) {
    const file = path.join(copy, 'src', `${name}.sol`);
    const source = fs.readFileSync(file, 'utf8');
    for (const [find, replace] of list) {
      const label = `${name}: ${find.trim()} → ${replace || '(nothing)'}`;
      if (!source.includes(find)) throw new Error(`not in the source: ${label}`);
      fs.writeFileSync(file, source.replace(find, replace));
      const env = { FOUNDRY_FUZZ_RUNS: '64', FOUNDRY_INVARIANT_RUNS: '8' };
      const { code, stdout, stderr } = forge(
        ['test', '--fail-fast', '--no-match-contract', 'GasTest'],
        env,
        copy,
      );
      if (/Compiler run failed/.test(stdout + stderr)) throw new Error(`does not compile: ${label}`);
      if (code === 0) survivors.push(label);
      else killed++;
      console.log(`${code === 0 ? 'SURVIVED' : 'killed  '} ${label}`);
    }
    fs.writeFileSync(file, source);
  }
} finally {
  fs.rmSync(home, { recursive: true, force: true });
}
console.log(`\n${killed} killed, ${survivors.length} survived`);
process.exitCode = survivors.length === 0 ? 0 : 1;
