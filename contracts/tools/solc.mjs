#!/usr/bin/env node
import fs from 'node:fs';
// forge speaks to a native solc; npm has it as WebAssembly. This answers the two calls that forge makes.
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const args = process.argv.slice(2);

/** Forge asks at each start, and loading the compiler for its answer takes a second: it is kept for each release. */
function version() {
  const release = require('solc/package.json').version;
  const kept = path.join(import.meta.dirname, '..', 'cache', `solc-${release}.txt`);
  if (fs.existsSync(kept)) return fs.readFileSync(kept, 'utf8');
  const said = require('solc').version();
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  // several forges may ask at once: whoever reads finds all of it or none
  fs.writeFileSync(`${kept}.${process.pid}`, said);
  fs.renameSync(`${kept}.${process.pid}`, kept);
  return said;
}

if (args.includes('--version')) {
  process.stdout.write(
    `solc, the solidity compiler commandline interface\nVersion: ${version().replace('.Emscripten.clang', '.Linux.g++')}\n`,
  );
} else {
  const solc = require('solc');
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
