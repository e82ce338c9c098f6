/** Plugs the vault's ports: blobs, log, licences, passkeys, signals. None of it can read what the vault keeps. */
import { type Listener, notify } from '@zhenmei/db';
import {
  CREDENTIAL_TYPES,
  type IdentityContext,
  judgeCredential,
  licenceFacts,
  organisations,
  practitioners,
  readPurposes,
} from '@zhenmei/identity';
import { AppError, derive, toBase64Url } from '@zhenmei/kernel';
import type { MoneyContext } from '@zhenmei/money';
import { deadlinesOf, largest, packsOf, retentionOf } from '@zhenmei/policy';
import { ed25519Signer, signNote, type TransparencyLog } from '@zhenmei/tlog';
import { gatekeeperPart, softwareWorker, type VaultContext } from '@zhenmei/vault';
import type { ModuleDeps } from './deps.ts';
import { passkeyPort } from './passkeys.ts';
import { fundPort } from './pool-fund.ts';
import { random } from './random.ts';

const CHANNEL = 'vault';

export function vaultContext(
  { engines, clock, sessions, secrets }: ModuleDeps,
  log: TransparencyLog,
  identity: IdentityContext,
  money: MoneyContext,
): VaultContext {
  return {
    db: engines.database.as(),
    blobs: engines.blobs,
    clock,
    random,
    passkeys: passkeyPort(identity, sessions),
    log: {
      append: async (tx, type, text, key) => void (await log.append(tx as never, type, text, { key })),
      proof: (key) => proofOf(log, key),
    },
    organisations: {
      judge: (presentation, binding) => judgeOrganisation(identity, presentation, binding),
      judgeDoctor: (presentation, binding) => judgeDoctor(identity, presentation, binding),
      describe: async (id) => (await organisations(identity, { id }))[0] ?? null,
      death: (presentation, binding) => judgeDeath(identity, presentation, binding),
      purposes: (id) => purposesOf(identity, id),
      employs: (organisation, person) => employs(identity, organisation, person),
    },
    gatekeeper: { part: async (share, object, version) => gatekeeperPart(share, object, version) },
    signals: signalPort(engines.listener),
    worker: softwareWorker({ clock, random }),
    rules: rulesPort,
    pool: { handle: (name) => toBase64Url(derive(secrets.logSeed, `zhenmei/pool/handle/v1/${name}`)) },
    funds: fundPort(money),
    seal: {
      log: log.origin,
      sign: (text) => signNote(text, ed25519Signer(log.origin, secrets.logSeed)),
    },
  };
}

async function proofOf(log: TransparencyLog, key: string) {
  try {
    return await log.proof({ key });
  } catch (error) {
    if (error instanceof AppError && ['TLOG_NOT_FOUND', 'TLOG_NOT_PUBLISHED'].includes(error.code))
      return null;
    throw error;
  }
}

async function judgeOrganisation(
  identity: IdentityContext,
  presentation: string,
  binding: { audience: string; nonce: string },
) {
  const { verdict, code, type, claims } = await judgeCredential(identity, presentation, binding);
  const isFacility = type === CREDENTIAL_TYPES.facilityLicence;
  const subject = claims?.subject;
  return {
    proven: verdict === 'proven' && isFacility,
    code: verdict === 'proven' && !isFacility ? 'CREDENTIAL_TYPE_OTHER' : code,
    organisation: typeof subject === 'string' ? subject : null,
  };
}

async function judgeDoctor(
  identity: IdentityContext,
  presentation: string,
  binding: { audience: string; nonce: string },
) {
  const { verdict, code, type, claims } = await judgeCredential(identity, presentation, binding);
  const isPhysician = type === CREDENTIAL_TYPES.physicianLicence;
  const subject = claims?.subject;
  return {
    proven: verdict === 'proven' && isPhysician,
    code: verdict === 'proven' && !isPhysician ? 'CREDENTIAL_TYPE_OTHER' : code,
    person: typeof subject === 'string' ? subject : null,
  };
}

async function employs(identity: IdentityContext, organisation: string, person: string): Promise<boolean> {
  const [known] = await practitioners(identity, { id: person });
  if (known?.clinicId !== organisation) return false;
  const { physician } = await licenceFacts(identity, person);
  return physician.valid === true && physician.claims?.practisesAt === organisation;
}

async function purposesOf(identity: IdentityContext, organisation: string): Promise<readonly string[]> {
  try {
    return (await readPurposes(identity, organisation)).purposes.map(({ id }) => id);
  } catch (error) {
    if (error instanceof AppError && error.code === 'VERIFIER_UNKNOWN') return [];
    throw error;
  }
}

function signalPort(listener: Listener): VaultContext['signals'] {
  return {
    send: (tx, topic) => notify(tx as never, CHANNEL, topic),
    listen: async (heard) => listener.listen(CHANNEL, (payload) => heard(payload ?? '')),
  };
}

/** Where a region states no number, the most careful one of all counts. */
const CAREFUL_DAYS = { erasureWaitDays: 30, closingWaitDays: 30 } as const;

const rulesPort: VaultContext['rules'] = {
  kept: (region, erased) => {
    const packs = packsOf(region);
    if (packs.length === 0) return null;
    return retentionOf(packs, erased).map(
      ({ id, pack, version, hash, what, by, reason, source, from, days }) => ({
        rule: `${pack} ${version} ${id}`,
        pack: hash,
        what,
        by,
        because: reason,
        source,
        from,
        days,
      }),
    );
  },
  breach: (region) => {
    const packs = packsOf(region);
    if (packs.length === 0) return null;
    return deadlinesOf(packs, 'breach').map(({ id, pack, version, hours, to, what, source }) => ({
      rule: `${pack} ${version} ${id}`,
      hours,
      to,
      what,
      source,
    }));
  },
  days: (region, name) => largest(packsOf(region), name) ?? CAREFUL_DAYS[name],
};

async function judgeDeath(
  identity: IdentityContext,
  presentation: string,
  binding: { readonly audience: string; readonly nonce: string },
) {
  const { verdict, code, type, claims } = await judgeCredential(identity, presentation, binding);
  const isDeath = type === CREDENTIAL_TYPES.deathCertificate;
  const ward = claims?.ward;
  return {
    proven: verdict === 'proven' && isDeath,
    code: verdict === 'proven' && !isDeath ? 'CREDENTIAL_TYPE_OTHER' : code,
    ward: typeof ward === 'string' ? ward : null,
  };
}
