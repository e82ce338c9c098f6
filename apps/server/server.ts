/** Composes protocol, modules and HTTP upon running engines into one house. */
import fs from 'node:fs';
import path from 'node:path';
import {
  buildStockOnce,
  careApi,
  careHandlers,
  deviceApi,
  deviceHandlers,
  guardianApi,
  guardianHandlers,
  priceApi,
  priceHandlers,
  readSignedAgreement,
  recordApi,
  recordHandlers,
  stockApi,
  stockHandlers,
} from '@zhenmei/care';
import { createHttpServer, type HttpSchema, type HttpServer } from '@zhenmei/http';
import {
  identityApi,
  identityHandlers,
  organisations,
  registerApi,
  registerHandlers,
} from '@zhenmei/identity';
import { AppError, type Hex, toIso } from '@zhenmei/kernel';
import {
  absenceApi,
  absenceHandlers,
  backingApi,
  backingHandlers,
  claimApi,
  claimHandlers,
  contestApi,
  contestHandlers,
  disputeApi,
  disputeHandlers,
  guaranteeApi,
  guaranteeHandlers,
  instalmentApi,
  instalmentHandlers,
  moneyApi,
  moneyHandlers,
  moneyOperatorApi,
  moneyOperatorHandlers,
  railsApi,
  railsHandlers,
  settlementApi,
  settlementHandlers,
  tokenApi,
  tokenHandlers,
  verificationApi,
  verificationHandlers,
  verifierApi,
  verifierHandlers,
} from '@zhenmei/money';
import { cn } from '@zhenmei/policy';
import {
  caseApi,
  caseHandlers,
  provenanceApi,
  provenanceHandlers,
  recallApi,
  recallHandlers,
  supplyHandlers,
  verifyApi,
  verifyDocuments,
} from '@zhenmei/provenance';
import type { Log, Shutdown } from '@zhenmei/telemetry';
import { logHandlers } from '@zhenmei/tlog';
import { tlogApi } from '@zhenmei/tlog/api.ts';
import { grantStream, vaultApi, vaultHandlers } from '@zhenmei/vault';
import { grantEvents } from '@zhenmei/vault/api.ts';
import { agreementPaper } from './api/agreement-paper.ts';
import { houseApi } from './api/contract.ts';
import { paperApi } from './api/papers.ts';
import { agreementFile } from './compose/agreement-file.ts';
import { startBackground } from './compose/background.ts';
import { type HouseClock, wallClock } from './compose/clock.ts';
import { coinLedger } from './compose/coin-work.ts';
import { openCoins } from './compose/coins.ts';
import type { ModuleDeps } from './compose/deps.ts';
import { openDocumentSeal, sealView } from './compose/document-seal.ts';
import { createDueWork } from './compose/due-work.ts';
import type { Engines } from './compose/engines.ts';
import { keyFinder } from './compose/epcis.ts';
import { composeModules, type Modules } from './compose/modules.ts';
import { paperPort } from './compose/money.ts';
import { mountOpenId } from './compose/openid.ts';
import { operationHandlers } from './compose/operations.ts';
import { printPaper } from './compose/paper.ts';
import { openProtocol } from './compose/protocol.ts';
import type { Secrets } from './compose/secrets.ts';
import { trustFile } from './compose/trust.ts';
import { takeUnitProof } from './compose/unit-proof.ts';
import { assertBookable } from './compose/verification-work.ts';
import type { ServerConfig } from './config.ts';
import { mountDemo } from './demo/mount.ts';

export interface House {
  readonly url: string;
  readonly operatorToken: string;
  readonly deps: ModuleDeps;
  readonly modules: Modules;
  readonly engines: Engines;
  readonly http: HttpServer;
  readonly shutdown: Shutdown;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly config: ServerConfig;
  readonly log: Log;
  /** Folder of the web app, once it is built. */
  readonly webDir?: string | Promise<string>;
  /** Closes the house; made here if absent, and then the process is not ended with it. */
  readonly shutdown?: Shutdown;
  /** Called with what is being done, for the progress line. */
  progress?(step: string): void;
}

interface Ground {
  readonly engines: Engines;
  readonly clock: HouseClock;
  readonly secrets: Secrets;
  readonly shutdown: Shutdown;
}

/** Throws what its parts throw; whoever started the engines closes what has started. */
export async function composeHouse(
  { config, log, progress, webDir: building }: StartOptions,
  { engines, clock, secrets, shutdown }: Ground,
): Promise<House> {
  const seal = openDocumentSeal(config, secrets, clock.now());
  progress?.('contracts');
  const protocol = await openProtocol(engines.chain, engines.database, secrets);
  const webDir = await building;
  let modules: Modules | undefined;
  const work = createDueWork({ log, clock: wallClock, closing: () => shutdown.closing });
  const http = await createHttpServer({
    log: log.child({ part: 'http' }),
    clock: wallClock,
    publicUrl: config.publicUrl,
    db: engines.database.as<HttpSchema>(),
    // the embedded database belongs to one process
    alone: config.databaseUrl === undefined,
    operatorToken: secrets.operatorToken,
    keyOf: keyFinder(() => modules?.identity),
    limits: { perMinute: 1_200 },
    ...(config.regionHeader ? { regionHeader: config.regionHeader } : {}),
    // the reader of codes is WebAssembly; "try a visit" shows two frames of ourselves
    csp: { 'script-src': ["'wasm-unsafe-eval'"], 'frame-ancestors': ["'self'"] },
    ...(webDir && fs.existsSync(path.join(webDir, 'index.html')) ? { staticDir: webDir } : {}),
    databaseFull: engines.databaseFull,
    checks: {
      database: async () => {
        if (engines.databaseFull()) throw new AppError('STORAGE_FULL');
        await engines.database.ping();
        return undefined;
      },
      chain: async () => ({ block: (await engines.chain.head()).number }),
      // it needs somebody's look, and the house goes on with everything else
      work: async () => {
        const stuck = work.stuck();
        return { stuck: stuck.length, codes: [...new Set(stuck.map(({ code }) => code))].join(', ') };
      },
    },
  });
  const coins = await openCoins(config, engines.chain, protocol.contracts);
  const deps: ModuleDeps = {
    config,
    clock,
    engines,
    protocol,
    secrets,
    seal,
    coins,
    sessions: http.sessions,
  };
  modules = await composeModules(deps);
  progress?.('modules');
  await modules.indexer.catchUp();
  await buildStockOnce(modules.care);

  mountModules(http, deps, modules);
  await mountOpenId(http, modules.identity);
  if (config.demo) mountDemo(http, deps, modules);
  startBackground(deps, modules, work, http, log, shutdown);
  const address = await http.listen({ port: config.port, host: config.host });
  shutdown.add('http', () => http.close());
  return {
    url: config.port === 0 ? address : config.publicUrl,
    operatorToken: secrets.operatorToken,
    deps,
    modules,
    engines,
    http,
    shutdown,
    close: async () => void (await shutdown.close('asked to')),
  };
}

function mountModules(http: HttpServer, deps: ModuleDeps, modules: Modules): void {
  const lower = (account: { address: string }) => account.address.toLowerCase() as Hex;
  const accountOf = async (organisationId: string) =>
    (await organisations(modules.identity, { id: organisationId }))[0]?.account ?? null;
  http.mountAll(registerApi, registerHandlers(modules.identity));
  http.mountAll(identityApi, identityHandlers(modules.identity));
  http.mountAll(vaultApi, vaultHandlers(modules.vault));
  http.events(grantEvents, (input, stream) => grantStream(modules.vault, input, stream));
  http.mountAll(provenanceApi, {
    ...provenanceHandlers(modules.provenance),
    ...supplyHandlers(modules.supply),
  });
  http.mountAll(recallApi, recallHandlers(modules.provenance));
  http.mountAll(caseApi, caseHandlers(modules.provenance));
  const verify = verifyDocuments(modules.provenance, (answer) => takeUnitProof(deps, modules, answer));
  http.documents(verifyApi.resolve, verify.resolve);
  http.documents(verifyApi.typed, verify.typed);
  http.documents(verifyApi.unitProof, verify.unitProof);
  http.documents(verifyApi.style, verify.style);
  http.documents(verifyApi.description, verify.description);
  const care = careHandlers(modules.care);
  http.mountAll(careApi, {
    ...care,
    bookVisit: async (input) => {
      await assertBookable(deps, modules, input.body.serviceId);
      return care.bookVisit(input);
    },
  });
  http.mountAll(guardianApi, guardianHandlers(modules.care));
  http.mountAll(recordApi, recordHandlers(modules.care));
  http.mountAll(stockApi, stockHandlers(modules.care));
  http.mountAll(priceApi, priceHandlers(modules.care));
  http.mountAll(deviceApi, deviceHandlers(modules.care));
  const money = moneyHandlers(modules.money, accountOf);
  const seatOf = async (id: string) => {
    const [found] = await organisations(modules.identity, { id });
    return found ? { kind: found.kind, account: found.account } : null;
  };
  http.mountAll(guaranteeApi, guaranteeHandlers(modules.money, seatOf));
  http.mountAll(backingApi, backingHandlers(modules.money, seatOf));
  http.mountAll(moneyApi, {
    ...money,
    relay: async (input) => {
      const reply = await money.relay(input);
      await modules.indexer.catchUp();
      return reply;
    },
  });
  http.mountAll(
    settlementApi,
    settlementHandlers(modules.money, {
      papers: paperPort(deps),
      coins: coinLedger(deps),
      clinic: async (organisationId) => {
        const [found] = await organisations(modules.identity, { id: organisationId });
        return found?.account ? { account: found.account, name: found.name } : null;
      },
    }),
  );
  http.mountAll(tokenApi, tokenHandlers(modules.money));
  http.mountAll(railsApi, railsHandlers(modules.money, accountOf));
  http.mountAll(moneyOperatorApi, moneyOperatorHandlers(modules.money));
  http.mountAll(paperApi, {
    agreementPaper: async ({ params, bearer, caller }) => {
      const reader = { token: bearer, organisationId: caller?.organisationId ?? null };
      const absences = await modules.money.absences.known();
      const chain = { id: deps.protocol.chainId, escrow: deps.protocol.contracts.CareEscrow };
      const signed = await readSignedAgreement(modules.care, params.id, reader);
      const paper = agreementPaper(agreementFile(signed, chain, absences, deps.coins));
      const bytes = await printPaper(paper, deps.clock.now(), deps.seal);
      return { bytes, from: 0, total: bytes.length };
    },
    readSeal: async () => sealView(deps.seal),
    readSealCertificates: async () => deps.seal.published,
  });
  http.mountAll(instalmentApi, instalmentHandlers(modules.money));
  http.mountAll(absenceApi, absenceHandlers(modules.money));
  http.mountAll(disputeApi, disputeHandlers(modules.money));
  http.mountAll(verificationApi, verificationHandlers(modules.money));
  http.mountAll(verifierApi, verifierHandlers(modules.money));
  http.mountAll(contestApi, contestHandlers(modules.money));
  http.mountAll(claimApi, claimHandlers(modules.money));
  http.mountAll(tlogApi, logHandlers(modules.log));
  http.mountAll(houseApi, {
    readConfig: async () => ({
      chainId: deps.protocol.chainId,
      contracts: { ...deps.protocol.contracts },
      logOrigin: modules.log.origin,
      demo: deps.config.demo,
      demoTime: deps.config.demo && deps.engines.embedded !== null,
      now: toIso(deps.clock.now()),
      coolingOffSeconds: Number(cn.parameters.coolingOffSeconds),
      timeZone: String(cn.parameters.timeZone),
      feeTo: lower(deps.secrets.accounts.fee),
      arbiter: deps.protocol.contracts.AssessorPanel,
      instalments: modules.money.loans !== null,
      absences: await modules.money.absences.known(),
      coins: deps.coins.map((coin) => ({ ...coin, regions: [...coin.regions] })),
      network: deps.config.coinNetwork,
    }),
    readTrust: async () => (await trustFile(deps, modules)) as never,
    ...operationHandlers(deps, modules),
  });
}
