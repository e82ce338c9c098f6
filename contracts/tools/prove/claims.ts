/** The named assertions of `spec/*.spec.sol`: one `prove_…` function, one `assert`, one claim. */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from '../forge.ts';

export interface Claim {
  /** `EscrowMath.theFeeIsWithinThePinnedRate` */
  readonly name: string;
  readonly file: string;
  readonly contract: string;
  /** The specification with this claim alone in it: a question that holds all of them is many times as long. */
  readonly source: string;
  /** The same, asserting what is false at the same place: it must be refuted, or the claim is empty. */
  readonly empty: string;
}

const PROOF = /^ {4}function prove_(\w+)\([\s\S]*?^ {4}\}$/gm;
const ASSERT = /\bassert\(([\s\S]*?)\);/g;

/** @throws if an assertion has no name, or a name no assertion */
export function claimsOf(file: string, text: string): Claim[] {
  const contract = /^contract (\w+)Spec\b/m.exec(text)?.[1];
  if (!contract) throw new Error(`${file}: no contract whose name ends with Spec`);
  if (text.replace(PROOF, '').match(ASSERT))
    throw new Error(`${file}: an assertion outside a prove_ function`);
  const proofs = [...text.matchAll(PROOF)];
  if (proofs.length === 0) throw new Error(`${file}: nothing to prove`);
  return proofs.map(([body, name], own) => {
    if (body.match(ASSERT)?.length !== 1) throw new Error(`${file}: ${name} must assert one thing`);
    let i = 0;
    const source = text.replace(PROOF, (proof) => (i++ === own ? proof : proof.replace(/[^\n]/g, '')));
    const empty = source.replace(ASSERT, 'assert(false);');
    return { name: `${contract}.${name}`, file, contract: `${contract}Spec`, source, empty };
  });
}

/** All claims of a folder, `spec/` by default. */
export function allClaims(folder = path.join(ROOT, 'spec')): Claim[] {
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.spec.sol'));
  return files
    .sort()
    .flatMap((name) => claimsOf(`spec/${name}`, fs.readFileSync(path.join(folder, name), 'utf8')));
}
