/** Plugs the platform into the modules' ports: the only place where both are known. */
import { type CareContext, type Clinic, type Doctor, onCustodyEvent } from '@zhenmei/care';
import { Indexer } from '@zhenmei/chain';
import { passkeySigner, publicKeyXY } from '@zhenmei/contracts/deploy/account.ts';
import { ERC2771ForwarderAbi, PasskeyAccountFactoryAbi } from '@zhenmei/contracts/generated/abis.ts';
import { siteLink } from '@zhenmei/gs1';
import {
  type IdentityContext,
  judgeAge,
  judgeCredential,
  judgeGuardian,
  jwkPoint,
  licenceFacts,
  organisations,
  practitioners,
  signerOf,
} from '@zhenmei/identity';
import { enqueue } from '@zhenmei/jobs';
import { type Hex, noneFor, toHex0x } from '@zhenmei/kernel';
import { assertContester, assertReport, demoBank, type MoneyContext } from '@zhenmei/money';
import { packByHash, packsOf } from '@zhenmei/policy';
import {
  approvalsOf,
  chainUse,
  type EpcisContext,
  followGoods,
  GuessWatch,
  judgeUnit,
  noteScan,
  readProduct,
  routesIn,
  type SafetyContext,
  type SupplyContext,
  type VerifyContext,
} from '@zhenmei/provenance';
import { createLog, ed25519Signer, storedOrigin, type TransparencyLog } from '@zhenmei/tlog';
import type { VaultContext } from '@zhenmei/vault';
import { absencePort } from './absences.ts';
import { accountAuthority } from './account-authority.ts';
import { agreementFacts, chainPort } from './agreements.ts';
import { backingPort } from './backing.ts';
import { cardPort, railFacts } from './card-rail.ts';
import { listen } from './chain-listener.ts';
import { tokenPort } from './coin-work.ts';
import { asStockEvent, custodyPort } from './custody.ts';
import type { ModuleDeps } from './deps.ts';
import { disputePort } from './disputes.ts';
import { epcisPorts } from './epcis.ts';
import { evidencePort } from './evidence.ts';
import { guaranteePort } from './guarantee.ts';
import { ownerMarks, signingKeys } from './issuer-keys.ts';
import { issuerRegistry } from './issuer-registry.ts';
import { loanPort } from './loans.ts';
import { chainMoney, holderNames } from './money.ts';
import { projectionsOf } from './projections.ts';
import { followed } from './protocol.ts';
import { random } from './random.ts';
import { recallFeed } from './recall-feed.ts';
import { anchorPort, relayPort, settlementPort } from './sending.ts';
import { vaultContext } from './vault.ts';
import { verificationPort } from './verification.ts';

export interface Modules {
  readonly identity: IdentityContext;
  readonly provenance: EpcisContext & VerifyContext & SafetyContext;
  readonly supply: SupplyContext;
  readonly care: CareContext;
  readonly money: MoneyContext;
  readonly vault: VaultContext;
  readonly log: TransparencyLog;
  readonly indexer: Indexer;
}

const logOrigin = (publicUrl: string): string => `${new URL(publicUrl).host}/log`;

export async function composeModules(deps: ModuleDeps): Promise<Modules> {
  const { clock, config, engines, protocol } = deps;
  const { database, chain } = engines;
  // a log keeps its name for ever, whatever address the house has later
  const origin = (await storedOrigin(database.db)) ?? logOrigin(config.publicUrl);
  const log = createLog({
    db: database.db,
    origin,
    signer: ed25519Signer(origin, deps.secrets.logSeed),
    anchor: anchorPort(chain, protocol),
    clock,
    checkpoint: { entries: 1_000, ms: config.logSeconds * 1000, when: 'either' },
  });
  const append = async (tx: unknown, type: number, text: string, key: string) => {
    await log.append(tx as never, type as never, text, { key });
  };
  const indexOf = (key: string) => log.indexOf(key).catch(noneFor('TLOG_NOT_FOUND'));

  const identity: IdentityContext = {
    db: database.as(),
    clock,
    random,
    registry: issuerRegistry(chain, protocol.contracts.IssuerRegistry),
    accounts: {
      signer: (publicKey) => {
        const { x, y } = publicKeyXY(toHex0x(publicKey));
        return passkeySigner(protocol.contracts.ERC7913WebAuthnVerifier, x, y);
      },
      address: async (first) => {
        const address = await chain.viem.readContract({
          address: protocol.contracts.PasskeyAccountFactory,
          abi: PasskeyAccountFactoryAbi,
          functionName: 'addressOf',
          args: [[first], 1n, ZERO],
        });
        return address.toLowerCase() as Hex;
      },
      authority: (account) => accountAuthority(chain, account),
    },
    sessions: deps.sessions,
    signing: signingKeys(deps.secrets.issuerSeed),
    owners: ownerMarks(deps.secrets.issuerSeed),
    changes: {
      licenceChanged: async (tx, subject, entry) => {
        const now = clock.now();
        await enqueue(tx as never, {
          kind: LICENCE_CHANGED,
          key: `licence/${entry}/${now}`,
          payload: { subject },
          dueAt: now,
        });
      },
    },
    rpId: new URL(config.publicUrl).hostname,
    origin: new URL(config.publicUrl).origin,
  };

  const sites = async (id?: string) =>
    (await organisations(identity, id ? { id } : {})).map((o) => ({
      id: o.id,
      gln: o.gln,
      kind: o.kind,
      name: o.name,
      city: o.city,
      licensedForToxin: o.licensedForToxin,
      region: o.region,
      keys: o.deviceKeys,
      pastKeys: o.pastKeys.map(({ key }) => key),
    }));
  const provenance: Modules['provenance'] = {
    ...epcisPorts(deps),
    db: database.as(),
    clock,
    random,
    log: {
      append,
      appendMany: async (tx, leaves) => {
        await log.appendMany(tx as never, leaves);
      },
    },
    // whatever is captured moves goods and stock, in the transaction that captured it
    listeners: [
      (tx, captured) => followGoods(supply, tx as never, captured),
      async (tx, captured) => {
        for (const { event } of captured) await onCustodyEvent(care, tx as never, asStockEvent(event));
      },
    ],
    parties: { byId: async (id) => (await sites(id))[0] ?? null, all: () => sites() },
    unitUse: chainUse(database.as()),
    home: new URL(config.publicUrl).origin,
    guesses: new GuessWatch(),
    devices: {
      keysOf: async (id) => (await organisations(identity, { id }))[0]?.deviceKeys ?? [],
    },
    feed: recallFeed(origin, deps.secrets.logSeed),
  };
  const supply: SupplyContext = {
    ...provenance,
    deadlines: { schedule: async (tx, work) => void (await enqueue(tx as never, work)) },
    files: engines.blobs,
    packs: packsOf,
  };

  const care: CareContext = {
    db: database.as(),
    clock,
    random,
    identity: {
      clinics: async (query) =>
        Promise.all(
          (await organisations(identity, { kind: 'clinic', query })).map((o) => clinicOf(identity, o)),
        ),
      clinic: async (id) => {
        const [found] = await organisations(identity, { kind: 'clinic', id });
        return found ? clinicOf(identity, found) : null;
      },
      doctor: async (id) => {
        const [found] = await practitioners(identity, { id });
        return found ? doctorOf(identity, found) : null;
      },
      doctorsOf: async (clinicId) =>
        Promise.all((await practitioners(identity, { clinicId })).map((p) => doctorOf(identity, p))),
      age: (token, binding) => judgeAge(identity, token, binding),
      guardian: (token, binding) => judgeGuardian(identity, token, binding),
      signer: (key, signature, statement) => signerOf(key, signature, new Uint8Array(statement)),
      verifyPresentation: async (token, binding) => {
        const result = await judgeCredential(identity, token, binding);
        const subject = result.claims?.subject;
        return {
          verdict: result.verdict,
          code: result.code,
          subject: typeof subject === 'string' ? subject : null,
          holderKey: result.holder ? toHex0x(jwkPoint(result.holder)) : null,
        };
      },
    },
    products: {
      read: async (gtin, { region, at }) => {
        const found = await readProduct(provenance, gtin, at).catch(noneFor('PRODUCT_UNKNOWN'));
        if (!found) return null;
        const { product, maker } = found;
        const approvals = product.approvals ? approvalsOf(product) : undefined;
        return {
          gtin,
          name: product.name,
          maker,
          approvedRegions: product.approvedRegions,
          approvedRoutes: routesIn({ ...product, approvals }, region, at ?? clock.now()) ?? [],
        };
      },
      judge: async (unit, use) => {
        const [site] = await sites(use.clinicId);
        const answer = await judgeUnit(provenance, {
          code: unit,
          purpose: 'before-use',
          region: use.region,
          route: use.route,
          ...(site ? { place: siteLink(site.gln) } : {}),
        });
        await noteScan(provenance, { answer, purpose: 'before-use', region: null });
        const { verdict } = answer;
        return { level: verdict.level, codes: verdict.reasons.map(({ code }) => code) };
      },
    },
    custody: custodyPort(identity, provenance),
    log: { append, indexOf, anchoredSize: () => log.anchoredSize() },
    chain: chainPort(deps),
    evidence: evidencePort(deps, log, identity, provenance),
    notices: { visitChanged: async () => undefined },
    packs: packsOf,
    pastPack: (hash) => packByHash(hash) ?? null,
  };

  const money: MoneyContext = {
    db: database.as(),
    clock,
    random,
    settlement: settlementPort(protocol, deps.secrets.paymentSeed),
    relay: relayPort(deps, async (call) => {
      await assertReport(money, call);
      if (
        call.to === protocol.contracts.ProviderVerification ||
        call.to === protocol.contracts.SettlementUnit
      )
        await assertContester(money, call.from);
    }),
    rail: config.demo ? demoBank(database.as(), () => clock.now()) : null,
    card: cardPort(deps),
    tokens: tokenPort(deps),
    ...railFacts(deps, identity),
    chainMoney: chainMoney(deps, () => indexer),
    guarantee: guaranteePort(deps, identity),
    backing: backingPort(deps, identity, () => indexer),
    disputes: disputePort(deps, identity, () => indexer),
    absences: absencePort(deps),
    checks: verificationPort(deps, () => indexer),
    payee: { zh: '真美托管专户（演示银行）', en: 'Zhenmei custody account (demo bank)' },
    loans: await loanPort(deps, identity),
    agreement: (id) => agreementFacts(deps, id),
    forwardNonce: (address) => forwardNonce(deps, address),
  };

  const holders = holderNames(protocol.contracts);
  const indexer: Indexer = new Indexer({
    db: database.db,
    chain,
    contracts: followed(protocol.contracts),
    projections: projectionsOf(protocol.contracts, holders),
    listeners: [(tx, event) => listen({ care, money, clock }, tx, event)],
  });

  return {
    identity,
    provenance,
    supply,
    care,
    money,
    vault: vaultContext(deps, log, identity, money),
    log,
    indexer,
  };
}

/** Work that follows a change of somebody's certificates. */
export const LICENCE_CHANGED = 'licence-changed';

const ZERO: Hex = `0x${'0'.repeat(64)}`;

async function forwardNonce({ engines, protocol }: ModuleDeps, address: Hex): Promise<bigint> {
  return engines.chain.viem.readContract({
    address: protocol.contracts.ERC2771Forwarder,
    abi: ERC2771ForwarderAbi,
    functionName: 'nonces',
    args: [address],
  });
}

type Organisation = Awaited<ReturnType<typeof organisations>>[number];

async function clinicOf(identity: IdentityContext, o: Organisation): Promise<Clinic> {
  const { summaries, facility } = await licenceFacts(identity, o.id);
  const departments = facility.claims?.departments;
  return {
    id: o.id,
    name: o.name,
    city: o.city,
    address: o.address,
    region: o.region,
    account: o.account ?? `0x${'0'.repeat(40)}`,
    licences: summaries,
    licenceValid: facility.valid,
    departments: Array.isArray(departments) ? (departments as string[]) : null,
    deviceKeys: o.deviceKeys,
  };
}

async function doctorOf(
  identity: IdentityContext,
  p: Awaited<ReturnType<typeof practitioners>>[number],
): Promise<Doctor> {
  const { summaries, physician } = await licenceFacts(identity, p.id);
  const specialties = physician.claims?.leadSpecialties;
  const at = physician.claims?.practisesAt;
  return {
    id: p.id,
    clinicId: p.clinicId,
    name: p.name,
    title: p.title,
    licences: summaries,
    licenceValid: physician.valid,
    leadSpecialties: Array.isArray(specialties) ? (specialties as string[]) : null,
    employedAt: typeof at === 'string' ? at : null,
  };
}
