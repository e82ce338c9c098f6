/** `npm run blind`: the run alone; its last line says what was planted, found and decrypted. */
import { blindRun, summary } from './blind.ts';

const run = await blindRun((text) => process.stdout.write(`${text}\n`));
for (const { planted, where } of run.found) process.stdout.write(`found in ${where}: ${planted}\n`);
for (const { what } of run.decrypted) process.stdout.write(`decrypted: ${what}\n`);
run.close();
process.stdout.write(`${summary(run)}\n`);
process.exit(run.found.length + run.decrypted.length === 0 && run.planted === 500 ? 0 : 1);
