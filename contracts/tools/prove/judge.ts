/** Asks solc's SMTChecker (constrained Horn clauses) about one claim. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../forge.ts';
import type { Claim } from './claims.ts';

const solc = createRequire(import.meta.url)('solc') as {
  compile(input: string, callbacks: object): string;
};

export type Verdict = 'proved' | 'failed' | 'unknown';

interface Message {
  readonly severity: string;
  readonly errorCode?: string;
  readonly message: string;
  readonly sourceLocation?: { file: string };
}

// Documented in solc's sources, not in its manual: what the model checker says of a target.
const SAFE = '9576';
const VIOLATED = '6328';
/** Arguments of errors are not understood, and need not be: they say nothing about whether something is refused. */
const HARMLESS = 'Assertion checker does not yet implement type error';

function read(file: string): { contents: string } | { error: string } {
  for (const place of [ROOT, path.join(ROOT, '..', 'node_modules')]) {
    const full = path.join(place, file);
    if (fs.existsSync(full)) return { contents: fs.readFileSync(full, 'utf8') };
  }
  return { error: `not found: ${file}` };
}

/** @param source the claim's own source or its empty form; @returns `unknown` unless solc says one thing and only it */
export function judge(claim: Claim, source: string, ask: (question: string) => string): Verdict {
  const input = {
    language: 'Solidity',
    sources: { [claim.file]: { content: source } },
    settings: {
      evmVersion: 'cancun',
      outputSelection: { '*': { '*': ['abi'] } },
      modelChecker: {
        engine: 'chc',
        solvers: ['smtlib2'],
        targets: ['assert'],
        contracts: { [claim.file]: [claim.contract] },
        showProvedSafe: true,
        showUnproved: true,
        showUnsupported: true,
      },
    },
  };
  const smtSolver = (question: string) => ({ contents: ask(question) });
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read, smtSolver })) as {
    errors?: Message[];
  };
  const messages = (output.errors ?? []).filter(({ message }) => !message.startsWith(HARMLESS));
  const wrong = messages.find(({ severity }) => severity === 'error');
  if (wrong) throw new Error(`${claim.name}: ${wrong.message}`);
  const said = (code: string, text: string) =>
    messages.filter((m) => m.errorCode === code && m.message.includes(text)).length;
  const foreign = messages.some(({ message }) => /does not yet|not supported|unsupported/i.test(message));
  if (said(VIOLATED, 'happens here') === 1) return 'failed';
  if (said(SAFE, 'check is safe') === 1 && said(VIOLATED, '') === 0 && !foreign) return 'proved';
  return 'unknown';
}
