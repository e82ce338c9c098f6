/** Everything that can be set from outside, in one place. `zhenmei doctor` prints it. */
import path from 'node:path';
import { AppError, defineErrors } from '@zhenmei/kernel';
import { z } from 'zod';

defineErrors({
  CONFIG_INVALID: {
    status: 500,
    retryable: false,
    zh: '设置 {key} 不正确：{reason}',
    en: 'The setting {key} is not valid: {reason}',
  },
});

/** `ADDRESS:CURRENCY`, e.g. `0x…:USD`. */
const COIN = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}:[A-Z]{3}$/, 'ADDRESS:CURRENCY, e.g. 0x…:USD')
  .optional();

const Config = z.object({
  ZHENMEI_DATA: z.string().default('.data').describe('Folder for everything the embedded engines keep'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4800).describe('Port of the web server'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on; open it only behind TLS'),
  PUBLIC_URL: z.url().optional().describe('What people type; passkeys are bound to its host name'),
  DATABASE_URL: z.string().optional().describe('PostgreSQL ≥ 15; embedded if absent'),
  CHAIN_RPC_URL: z.url().optional().describe('EVM node; embedded if absent'),
  CHAIN_ID: z.coerce.number().int().positive().default(952_480).describe('Chain id, part of every signature'),
  COIN_PUBLIC: COIN.describe('Coin of regions that settle in a public one: ADDRESS:CURRENCY'),
  COIN_PARTNER: COIN.describe('Coin of regions that settle in a licensed partner’s: ADDRESS:CURRENCY'),
  COIN_NETWORK: z
    .string()
    .max(40)
    .optional()
    .describe('Name by which payers know the ledger’s network; its number if absent'),
  COIN_CONFIRMATIONS: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000)
    .optional()
    .describe('Blocks to wait before a coin counts; 12, or 0 on the embedded ledger'),
  BLOB_URL: z
    .string()
    .optional()
    .describe('file:… or s3://bucket?endpoint=…; a folder in the data folder if absent'),
  LOG_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(2)
    .describe('Longest wait until a log entry is in a checkpoint'),
  REGION_HEADER: z
    .string()
    .regex(/^[A-Za-z-]{1,60}$/)
    .optional()
    .describe('Header in which your own proxy names the caller’s country or region; counts of scans need it'),
  WEBHOOKS_PRIVATE: z
    .enum(['on', 'off'])
    .default('off')
    .describe('Webhooks may go to private and local addresses, and without TLS'),
  DOCUMENT_KEY: z
    .string()
    .optional()
    .describe(
      'File with your own key for the seal of papers (PEM, PKCS #8, P-256, mode 0600); made here if absent',
    ),
  DOCUMENT_CERTIFICATE: z
    .string()
    .optional()
    .describe('File with the certificate of that key, followed by its issuers’ (PEM)'),
  DEMO: z.enum(['on', 'off']).default('on').describe('Demo world with actors, clock and bank'),
  LOG_LEVEL: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'])
    .default('warn')
    .describe('silent, error, warn, info or debug; JSON lines on standard error'),
});
export type Env = z.infer<typeof Config>;
/** Names of all settings. */
export const SETTINGS = Object.keys(Config.shape) as (keyof Env)[];

/** A coin that the operator names, before it is compared with the ledger. */
export interface CoinSetting {
  readonly setting: keyof Env;
  readonly profile: 'public' | 'partner';
  readonly token: `0x${string}`;
  /** ISO 4217. */
  readonly currency: string;
}

export interface ServerConfig {
  readonly dataDir: string;
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string;
  readonly databaseUrl: string | undefined;
  readonly chainRpcUrl: string | undefined;
  readonly chainId: number;
  readonly blobUrl: string | undefined;
  readonly logSeconds: number;
  readonly coins: readonly CoinSetting[];
  /** Null where payers are told the network's number. */
  readonly coinNetwork: string | null;
  /** Blocks. */
  readonly coinConfirmations: number;
  readonly regionHeader: string | undefined;
  readonly webhooksPrivate: boolean;
  /** Files of the operator's own seal; without them the house makes one. */
  readonly documentKey: string | undefined;
  readonly documentCertificate: string | undefined;
  readonly demo: boolean;
  readonly logLevel: Env['LOG_LEVEL'];
}

/** Reads the environment, with command line values first. Throws CONFIG_INVALID. */
export function readConfig(overrides: Partial<Record<keyof Env, string>> = {}): ServerConfig {
  // an empty variable is one that was not set
  const given = Object.entries({ ...process.env, ...overrides }).filter(([, value]) => value !== '');
  const parsed = Config.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new AppError('CONFIG_INVALID', { key: issue.path.join('.'), reason: issue.message });
  }
  const env = parsed.data;
  return {
    dataDir: path.resolve(env.ZHENMEI_DATA),
    port: env.PORT,
    host: env.HOST,
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    databaseUrl: env.DATABASE_URL,
    chainRpcUrl: env.CHAIN_RPC_URL,
    chainId: env.CHAIN_ID,
    blobUrl: env.BLOB_URL,
    logSeconds: env.LOG_SECONDS,
    coins: [
      ...coinOf('COIN_PUBLIC', 'public', env.COIN_PUBLIC),
      ...coinOf('COIN_PARTNER', 'partner', env.COIN_PARTNER),
    ],
    coinNetwork: env.COIN_NETWORK ?? null,
    coinConfirmations: env.COIN_CONFIRMATIONS ?? (env.CHAIN_RPC_URL ? 12 : 0),
    regionHeader: env.REGION_HEADER?.toLowerCase(),
    webhooksPrivate: env.WEBHOOKS_PRIVATE === 'on',
    documentKey: env.DOCUMENT_KEY,
    documentCertificate: env.DOCUMENT_CERTIFICATE,
    demo: env.DEMO === 'on',
    logLevel: env.LOG_LEVEL,
  };
}

function coinOf(
  setting: keyof Env,
  profile: CoinSetting['profile'],
  said: string | undefined,
): CoinSetting[] {
  if (!said) return [];
  const [token, currency] = said.split(':') as [string, string];
  return [{ setting, profile, token: token.toLowerCase() as `0x${string}`, currency }];
}

/** Name and meaning of each setting, for the documentation and `doctor`. */
export function configHelp(): { key: string; help: string }[] {
  return Object.entries(Config.shape).map(([key, schema]) => ({ key, help: schema.description ?? '' }));
}
