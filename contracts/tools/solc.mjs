#!/usr/bin/env node
import fs from 'node:fs';
// forge speaks to a native solc; npm has it as WebAssembly. This answers the two calls that forge makes.
import { createRequire } from 'node:module';
import path from 'node:path';

const solc = createRequire(import.meta.url)('solc');
const args = process.argv.slice(2);

if (args.includes('--version')) {
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${solc.version().replace('.Emscripten.clang', '.Linux.g++')}\n`,
  );
} else {
  const base = args.includes('--base-path') ? args[args.indexOf('--base-path') + 1] : process.cwd();
  const input = fs.readFileSync(0, 'utf8');
  const find = (file) => {
    try {
      return { contents: fs.readFileSync(path.resolve(base, file), 'utf8') };
    } catch {
      return { error: `not found: ${file}` };
    }
  };
  process.stdout.write(solc.compile(input, { import: find }));
}
