/**
 * Two peers measured in the same run: the library most used for SD-JWT VC, and an agent framework. Both are Apache-2.0.
 * They are put into a folder of their own by exact version when they are measured, so that 91 packages and 60 MB which
 * only a measurement needs stay out of the house's lock file.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { p256 } from '@noble/curves/nist.js';
import { toHex } from '@zhenmei/kernel';

const VERSIONS = {
  '@sd-jwt/sd-jwt-vc': '0.19.0',
  '@veramo/core': '7.0.1',
  '@veramo/credential-jwt': '7.0.1',
  '@veramo/credential-w3c': '7.0.1',
  '@veramo/did-manager': '7.0.1',
  '@veramo/did-provider-key': '7.0.1',
  '@veramo/did-resolver': '7.0.1',
  '@veramo/key-manager': '7.0.1',
  '@veramo/kms-local': '7.0.1',
};

export interface Peer {
  readonly name: string;
  issue(index: number): Promise<string>;
  /** Throws unless it holds. */
  verify(token: string): Promise<void>;
}

export interface PeerWork {
  readonly claims: Record<string, unknown>;
  readonly hidden: readonly string[];
  readonly issuer: string;
  readonly type: string;
  readonly now: number;
  readonly statusUri: string;
  readonly statusList: string;
  readonly keys: CryptoKeyPair;
  readonly holder: unknown;
}

/** Empty if the registry cannot be reached: then there is nothing to compare with. */
export async function peers(work: PeerWork): Promise<Peer[]> {
  const dir = install();
  return dir === null ? [] : [await sdJwtVc(dir, work), await veramo(dir, work)];
}

function install(): string | null {
  const name = createHash('sha256').update(JSON.stringify(VERSIONS)).digest('hex').slice(0, 12);
  const dir = path.join(os.tmpdir(), `zhenmei-bench-${name}`);
  if (fs.existsSync(path.join(dir, 'node_modules', '@veramo', 'core'))) return dir;
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(
    path.join(dir, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: VERSIONS }),
  );
  const flags = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--no-package-lock'];
  const { status } = spawnSync('npm', flags, {
    cwd: dir,
    stdio: 'ignore',
    shell: process.platform === 'win32',
  });
  return status === 0 ? dir : null;
}

// the peers' own types are not here: what is used of them is written out
type Loaded = Record<string, new (...args: unknown[]) => never> &
  Record<string, (...args: unknown[]) => never>;

async function load(dir: string, name: string): Promise<Loaded> {
  const root = path.join(dir, 'node_modules', name);
  const { exports, module, main } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const entry = exports?.['.'] ?? exports;
  const file = entry?.import?.default ?? entry?.import ?? entry?.default ?? entry ?? module ?? main;
  return (await import(pathToFileURL(path.join(root, file)).href)) as Loaded;
}

async function sdJwtVc(dir: string, work: PeerWork): Promise<Peer> {
  const { SDJwtVcInstance } = await load(dir, '@sd-jwt/sd-jwt-vc');
  const how = { name: 'ECDSA', hash: 'SHA-256' };
  const base64url = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('base64url');
  const library = new SDJwtVcInstance!({
    signer: async (data: string) =>
      base64url(await crypto.subtle.sign(how, work.keys.privateKey, Buffer.from(data))),
    verifier: (data: string, signature: string) =>
      crypto.subtle.verify(how, work.keys.publicKey, Buffer.from(signature, 'base64url'), Buffer.from(data)),
    signAlg: 'ES256',
    hasher: (data: string) => createHash('sha256').update(data).digest(),
    hashAlg: 'sha-256',
    saltGenerator: () => randomBytes(16).toString('base64url'),
    statusListFetcher: async () => work.statusList,
    statusVerifier: (data: string, signature: string) =>
      crypto.subtle.verify(how, work.keys.publicKey, Buffer.from(signature, 'base64url'), Buffer.from(data)),
  }) as unknown as {
    issue(payload: object, frame: object): Promise<string>;
    verify(token: string, options: object): Promise<unknown>;
  };
  return {
    name: '@sd-jwt/sd-jwt-vc 0.19',
    issue: (index) =>
      library.issue(
        {
          iss: work.issuer,
          vct: work.type,
          iat: work.now,
          exp: work.now + 86_400,
          cnf: { jwk: work.holder },
          status: { status_list: { idx: index, uri: work.statusUri } },
          ...work.claims,
        },
        { _sd: [...work.hidden] },
      ),
    verify: async (token) => {
      await library.verify(token, { currentDate: work.now });
    },
  };
}

async function veramo(dir: string, work: PeerWork): Promise<Peer> {
  const names = [
    '@veramo/core',
    '@veramo/credential-jwt',
    '@veramo/credential-w3c',
    '@veramo/did-manager',
    '@veramo/did-provider-key',
    '@veramo/did-resolver',
    '@veramo/key-manager',
    '@veramo/kms-local',
  ];
  const all = Object.assign({}, ...(await Promise.all(names.map((name) => load(dir, name))))) as Loaded;
  const secret = randomBytes(32);
  const point = p256.getPublicKey(secret, true);
  const keys = new all.MemoryPrivateKeyStore!();
  const agent = all.createAgent!({
    plugins: [
      new all.KeyManager!({
        store: new all.MemoryKeyStore!(),
        kms: { local: new all.KeyManagementSystem!(keys) },
      }),
      new all.DIDManager!({
        store: new all.MemoryDIDStore!(),
        defaultProvider: 'did:key',
        providers: { 'did:key': new all.KeyDIDProvider!({ defaultKms: 'local' }) },
      }),
      new all.DIDResolverPlugin!({ ...(all.getDidKeyResolver!() as object) }),
      new all.CredentialPlugin!([new all.CredentialProviderJWT!()]),
    ],
  }) as unknown as Record<string, (args: object) => Promise<Record<string, unknown>>>;
  const did = `did:key:z${base58(Uint8Array.of(0x80, 0x24, ...point))}`;
  await agent.didManagerImport!({
    did,
    provider: 'did:key',
    keys: [{ kms: 'local', type: 'Secp256r1', kid: 'key-1', privateKeyHex: toHex(secret) }],
  });
  return {
    name: 'Veramo 7 (JWT, P-256, no status, nothing hidden)',
    issue: async () => {
      const made = await agent.createVerifiableCredential!({
        credential: {
          issuer: { id: did },
          issuanceDate: new Date(work.now * 1000).toISOString(),
          type: ['VerifiableCredential'],
          credentialSubject: { ...work.claims, id: 'did:example:holder' },
        },
        proofFormat: 'jwt',
      });
      return (made.proof as { jwt: string }).jwt;
    },
    verify: async (credential) => {
      const { verified } = await agent.verifyCredential!({ credential });
      if (verified !== true) throw new Error('not verified');
    },
  };
}

function base58(bytes: Uint8Array): string {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let n = BigInt(`0x${toHex(bytes)}`);
  let out = '';
  for (; n > 0n; n /= 58n) out = alphabet[Number(n % 58n)]! + out;
  return out;
}
