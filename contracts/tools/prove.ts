/**
 * Proves the named assertions of `spec/` for all inputs and any sequence of acts: solc's SMTChecker with z3, both
 * WebAssembly from npm. Each is also tried with `false` in its place, which must be refuted. `--only TEXT` limits it.
 * Exit code 0 only if every assertion is proved.
 */
import { allClaims } from './prove/claims.ts';
import { judgeAll } from './prove/run.ts';

const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1]! : '';
const started = Date.now();
const judged = await judgeAll(
  allClaims().filter(({ name }) => name.includes(only)),
  2,
  ({ name, verdict, ms }) => console.log(`${verdict.padEnd(8)} ${name} (${(ms / 1000).toFixed(1)} s)`),
);
const count = (verdict: string) => judged.filter((j) => j.verdict === verdict).length;
console.log(`\n${((Date.now() - started) / 1000).toFixed(0)} s`);
console.log(`proved ${count('proved')}, unknown ${count('unknown')}, failed ${count('failed')}`);
process.exitCode = judged.length > 0 && count('proved') === judged.length ? 0 : 1;
