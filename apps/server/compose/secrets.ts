/** Keys of this installation: made at the first start, mode 0600, never printed. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { AppError, defineErrors, fromHex, type Hex } from '@zhenmei/kernel';
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts';

defineErrors({
  SECRETS_READABLE: {
    status: 500,
    retryable: false,
    zh: '密钥文件可被他人读取，请改为 0600:{file}',
    en: 'The secrets file can be read by others; set its mode to 0600: {file}',
  },
});

const ACCOUNTS = ['admin', 'relayer', 'custodian', 'logOperator', 'paymaster', 'arbiter', 'fee'] as const;
type AccountName = (typeof ACCOUNTS)[number];

export interface Secrets {
  readonly accounts: Readonly<Record<AccountName, PrivateKeyAccount>>;
  /** Ed25519 seeds. */
  readonly logSeed: Uint8Array<ArrayBuffer>;
  readonly witnessSeed: Uint8Array<ArrayBuffer>;
  /** Issuers' signing keys and the marks of owners are derived from it. */
  readonly issuerSeed: Uint8Array<ArrayBuffer>;
  /** The numbers under which payments stand on chain are derived from it. */
  readonly paymentSeed: Uint8Array<ArrayBuffer>;
  /** P-256: the key under the seal of papers, unless the operator brings one. */
  readonly documentKey: Uint8Array<ArrayBuffer>;
  readonly operatorToken: string;
}

/** Throws SECRETS_READABLE if somebody else could read them. */
export function openSecrets(dataDir: string): Secrets {
  const file = path.join(dataDir, 'secrets.json');
  if (!fs.existsSync(file)) {
    const made = {
      accounts: Object.fromEntries(ACCOUNTS.map((name) => [name, hex()])),
      log: hex(),
      witness: hex(),
      issuer: hex(),
      payment: hex(),
      document: hex(),
      operatorToken: randomBytes(32).toString('base64url'),
    };
    fs.mkdirSync(dataDir, { recursive: true });
    fs.writeFileSync(`${file}.tmp`, JSON.stringify(made, null, 2), { mode: 0o600 });
    fs.renameSync(`${file}.tmp`, file);
  }
  if (process.platform !== 'win32' && (fs.statSync(file).mode & 0o077) !== 0)
    throw new AppError('SECRETS_READABLE', { file });
  const raw = JSON.parse(fs.readFileSync(file, 'utf8')) as {
    accounts: Record<AccountName, Hex>;
    log: Hex;
    witness: Hex;
    issuer?: Hex;
    payment?: Hex;
    document?: Hex;
    operatorToken: string;
  };
  if (!raw.issuer || !raw.payment || !raw.document) {
    // a folder from before there were issuers, before payments had numbers of their own, or before papers were sealed
    raw.issuer ??= hex();
    raw.payment ??= hex();
    raw.document ??= hex();
    fs.writeFileSync(`${file}.tmp`, JSON.stringify(raw, null, 2), { mode: 0o600 });
    fs.renameSync(`${file}.tmp`, file);
  }
  const accounts = Object.fromEntries(
    ACCOUNTS.map((name) => [name, privateKeyToAccount(raw.accounts[name])]),
  ) as Secrets['accounts'];
  return {
    accounts,
    logSeed: fromHex(raw.log),
    witnessSeed: fromHex(raw.witness),
    issuerSeed: fromHex(raw.issuer),
    paymentSeed: fromHex(raw.payment),
    documentKey: fromHex(raw.document),
    operatorToken: raw.operatorToken,
  };
}

const hex = (): Hex => `0x${randomBytes(32).toString('hex')}`;
