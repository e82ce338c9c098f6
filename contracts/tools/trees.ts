/**
 * Specification trees: every leaf ("it reverts when …") under a function names exactly one test,
 * `test_<function>_<leafInCamelCase>` (or `testFuzz_…`), and every such test stands in a tree.
 */
import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './forge.ts';

/** Names without a tree: they are about whole stories, not about one function's branches. */
const STORIES = ['attack', 'liveness', 'rounding', 'gas'];

/** The test names that a tree asks for. Paths are drawn with box characters; a leaf begins with "it ". */
export function leavesOf(tree: string): string[] {
  let root = '';
  const names: string[] = [];
  for (const line of tree.split('\n')) {
    const text = line.replace(/^[│├└─\s]*/, '').trim();
    if (text === '') continue;
    if (!/^[│├└\s]/.test(line)) root = text.split('.').at(-1)!;
    else if (text.startsWith('it ')) names.push(`${root}_${camelCase(text.slice(3))}`);
  }
  return names;
}

function camelCase(words: string): string {
  const [first = '', ...rest] = words.split(/[^A-Za-z0-9]+/).filter(Boolean);
  return first + rest.map((w) => w[0]!.toUpperCase() + w.slice(1)).join('');
}

/** The tests of a Solidity file, without their `test_` or `testFuzz_`. */
export function testsOf(source: string): string[] {
  return [...source.matchAll(/function test(?:Fuzz)?_(\w+)\(/g)].map((m) => m[1]!);
}

/** @returns how many leaves there are, and what does not match */
export function checkTrees(): { leaves: number; problems: string[] } {
  const read = (folder: string, end: string) =>
    fs
      .readdirSync(path.join(ROOT, folder))
      .filter((name) => name.endsWith(end))
      .map((name) => fs.readFileSync(path.join(ROOT, folder, name), 'utf8'));
  const leaves = read('test/trees', '.tree').flatMap(leavesOf);
  const tests = read('test', '.t.sol').flatMap(testsOf);
  const problems = [
    ...missing(leaves, tests).map((name) => `no test for the leaf ${name}`),
    ...missing(tests, leaves)
      .filter((name) => !STORIES.some((story) => name.startsWith(`${story}_`)))
      .map((name) => `no leaf for the test ${name}`),
  ];
  return { leaves: leaves.length, problems };
}

/** What occurs more often in `wanted` than in `given`. */
function missing(wanted: string[], given: string[]): string[] {
  const left = [...given];
  return wanted.filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
