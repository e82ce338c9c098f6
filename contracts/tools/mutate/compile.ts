/** One compilation of everything, with what mutation needs: code, source map, and where the sources' statements are. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ROOT } from '../forge.ts';

const solc = createRequire(import.meta.url)('solc') as {
  compile(input: string, callbacks: object): string;
};

interface Output {
  contracts: Record<
    string,
    Record<string, { evm: { deployedBytecode: { object: string; sourceMap: string } } }>
  >;
  sources: Record<string, { id: number }>;
  errors?: { severity: string; formattedMessage: string }[];
}

export interface Compiled {
  readonly code: Uint8Array;
  readonly sourceMap: string;
}

export interface Sources {
  /** Text and path by solc's index of the file; one character a byte, because solc counts bytes. */
  readonly files: ReadonlyMap<number, { readonly path: string; readonly text: string }>;
  readonly contracts: ReadonlyMap<string, Compiled>;
}

const bytewise = (text: string) => Buffer.from(text).toString('latin1');

/** @param names contracts in `src/`; compiled as `foundry.toml` says */
export function compileAll(names: readonly string[]): Sources {
  const read = (file: string) => {
    const full = [path.join(ROOT, file), path.join(ROOT, '..', 'node_modules', file)].find((f) =>
      fs.existsSync(f),
    );
    return full ? { contents: fs.readFileSync(full, 'utf8') } : { error: `not found: ${file}` };
  };
  const content = (name: string) => fs.readFileSync(path.join(ROOT, 'src', `${name}.sol`), 'utf8');
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(names.map((name) => [`src/${name}.sol`, { content: content(name) }])),
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 2000 },
      metadata: { bytecodeHash: 'none', appendCBOR: false },
      outputSelection: {
        '*': { '*': ['evm.deployedBytecode.object', 'evm.deployedBytecode.sourceMap'], '': ['ast'] },
      },
    },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output;
  const wrong = output.errors?.find(({ severity }) => severity === 'error');
  if (wrong) throw new Error(wrong.formattedMessage);
  const files = Object.entries(output.sources).map(
    ([file, { id }]) =>
      [id, { path: file, text: file.startsWith('src/') ? bytewise(read(file).contents!) : '' }] as const,
  );
  const contracts = names.map((name) => {
    const { object, sourceMap } = output.contracts[`src/${name}.sol`]![name]!.evm.deployedBytecode;
    const clean = object.replace(/__\$[0-9a-f]{34}\$__/g, '0'.repeat(40));
    return [name, { code: Uint8Array.from(Buffer.from(clean, 'hex')), sourceMap }] as const;
  });
  return { files: new Map(files), contracts: new Map(contracts) };
}
