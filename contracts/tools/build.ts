/**
 * Compiles the contracts and writes what TypeScript needs: ABIs, creation code, and the storage layout that
 * evidence is read from, with the digests of what they were made from. `--compare` compiles and says whether the
 * committed files are what comes out; `--check` says without compiling whether sources or files have changed since.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { forge, ROOT } from './forge.ts';

export const CONTRACTS = [
  'AccessManager',
  'AssessorPanel',
  'AssessorPool',
  'CareEscrow',
  'Deployer',
  'ERC2771Forwarder',
  'ERC7913P256Verifier',
  'ERC7913WebAuthnVerifier',
  'EntryPoint',
  'InstalmentBook',
  'InstalmentPool',
  'IssuerRegistry',
  'LogAnchor',
  'PasskeyAccount',
  'PasskeyAccountFactory',
  'PoseidonT3',
  'ReviewGroups',
  'SettlementUnit',
  'SponsorPaymaster',
  'UnitRegistry',
  'ClinicBond',
  'GuaranteePool',
  'GuaranteeBook',
  'Params',
  'TokenGate',
  'ProviderVerification',
  'GuaranteePanel',
  'AbsencePledge',
] as const;

interface Artifact {
  abi: unknown[];
  deployedBytecode: { object: string };
  bytecode: {
    object: string;
    linkReferences: Record<string, Record<string, { start: number; length: number }[]>>;
  };
  storageLayout?: { storage: { label: string; slot: string; offset: number; type: string }[] };
}

function artifact(name: string): Artifact {
  return JSON.parse(
    fs.readFileSync(path.join(ROOT, 'out', `${name}.sol`, `${name}.json`), 'utf8'),
  ) as Artifact;
}

function generate(): Record<string, string> {
  const built = forge(['build', '--silent']);
  if (built.code !== 0) throw new Error(built.stdout + built.stderr);
  const head = '/* Written by contracts/tools/build.ts. Do not edit. */\n';
  let abis = head;
  let code = `${head}import type { Hex } from 'viem';\n\n/** Creation code; \`links\` are byte offsets where a library's address belongs. */\nexport const creationCode: Record<string, { code: Hex; links: { library: string; offset: number }[] }> = {\n`;
  const layout: Record<string, Record<string, number>> = {};
  for (const name of CONTRACTS) {
    const { abi, bytecode, storageLayout } = artifact(name);
    abis += `\nexport const ${name}Abi = ${JSON.stringify(abi)} as const;\n`;
    const links = Object.values(bytecode.linkReferences ?? {}).flatMap((libraries) =>
      Object.entries(libraries).flatMap(([library, places]) =>
        places.map(({ start }) => ({ library, offset: start })),
      ),
    );
    const clean = bytecode.object.replace(/__\$[0-9a-f]{34}\$__/g, '0'.repeat(40));
    code += `  ${name}: { code: '${clean}', links: ${JSON.stringify(links)} },\n`;
    if (storageLayout) {
      const slots = storageLayout.storage
        .filter((v) => v.offset === 0)
        .map((v) => [v.label, Number(v.slot)] as const);
      if (slots.length > 0) layout[name] = Object.fromEntries(slots);
    }
  }
  return {
    'abis.ts': abis,
    'bytecode.ts': `${code}};\n\n/** What stands at the deployer's address; the only one whose address does not follow from its code. */\nexport const deployerCode: Hex = '${artifact('Deployer').deployedBytecode.object}';\n`,
    'layout.json': `${JSON.stringify(layout, null, 2)}\n`,
  };
}

const DIGESTS = 'digests.json';
const FOLDER = path.join(ROOT, 'generated');
const sha256 = (...parts: string[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n${part}`);
  return hash.digest('hex');
};

/** Everything the compiler's output follows from: sources, settings, this file, and the exact libraries. */
function digestOfSources(): string {
  const names = fs
    .readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sol'))
    .map((name) => `src/${name.replaceAll(path.sep, '/')}`)
    .sort();
  const ours = [...names, 'foundry.toml', 'tools/build.ts', 'tools/solc.mjs'].flatMap((name) => [
    name,
    fs.readFileSync(path.join(ROOT, name), 'utf8'),
  ]);
  const require = createRequire(import.meta.url);
  const libraries = ['@openzeppelin/contracts', '@zk-kit/lean-imt.sol', 'poseidon-solidity', 'solc'].map(
    (name) => `${name}@${(require(`${name}/package.json`) as { version: string }).version}`,
  );
  return sha256(...ours, ...libraries);
}

const digestsOf = (files: Record<string, string>): string => {
  const all = { sources: digestOfSources() } as Record<string, string>;
  for (const [name, text] of Object.entries(files)) all[name] = sha256(text);
  return `${JSON.stringify(all, null, 2)}\n`;
};

const read = (name: string): string => {
  const file = path.join(FOLDER, name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
};

/** Files of `generated` that are not what they should be. */
function staleFiles(files: Record<string, string>): [name: string, text: string][] {
  return Object.entries({ ...files, [DIGESTS]: digestsOf(files) }).filter(
    ([name, text]) => read(name) !== text,
  );
}

const checking = process.argv.includes('--check');
const stale = staleFiles(
  checking
    ? Object.fromEntries(['abis.ts', 'bytecode.ts', 'layout.json'].map((name) => [name, read(name)]))
    : generate(),
);
if (checking || process.argv.includes('--compare')) {
  for (const [name] of stale)
    console.error(`contracts/generated/${name} is out of date: run \`node contracts/tools/build.ts\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  fs.mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of stale) fs.writeFileSync(path.join(FOLDER, name), text);
  console.log(stale.length > 0 ? `wrote ${stale.map(([name]) => name).join(', ')}` : 'up to date');
}
