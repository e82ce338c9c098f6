/** The contracts: deployed if they are missing, and who sends to them. */
import { type ChainReader, type Indexer, Relayer } from '@zhenmei/chain';
import type { Contracts } from '@zhenmei/contracts/deploy/parties.ts';
import {
  type DeployStep,
  deploy,
  deploymentPlan,
  type Plan,
  placeOf,
} from '@zhenmei/contracts/deploy/plan.ts';
import { grantRole, placeClinic, type RoleName } from '@zhenmei/contracts/deploy/wiring.ts';
import * as abis from '@zhenmei/contracts/generated/abis.ts';
import type { Database } from '@zhenmei/db';
import type { Hex } from '@zhenmei/kernel';
import { coolingOffRule, packsOf, REGIONS, type SettlementProfile, settlementProfile } from '@zhenmei/policy';
import { sql } from 'kysely';
import { keccak256, parseTransaction } from 'viem';
import type { Secrets } from './secrets.ts';

export interface Protocol {
  readonly contracts: Contracts;
  readonly plan: Plan;
  readonly chainId: number;
  readonly admin: Relayer;
  /** Sends what patients and organisations signed. */
  readonly relayer: Relayer;
  readonly custodian: Relayer;
  readonly logOperator: Relayer;
  /** The house's part in a panel; it has no vote. */
  readonly examiner: Relayer;
  /** Gives a role to an organisation's account, once. */
  grant(role: RoleName, account: Hex): Promise<void>;
  /** Says on chain in whose jurisdiction a clinic works, once. @param region ISO 3166, e.g. CN-31 */
  place(region: string, clinic: Hex): Promise<void>;
  /** keccak256 of a contract's code, for the trust file. */
  codeHash(address: Hex): Promise<Hex>;
}

/** As `ITokenGate` counts them. */
export const USES: Readonly<Record<SettlementProfile, number>> = { 'closed-loop': 1, public: 2, partner: 4 };

export async function openProtocol(
  chain: ChainReader,
  database: Database,
  secrets: Secrets,
): Promise<Protocol> {
  const { accounts } = secrets;
  const lower = (account: { address: string }) => account.address.toLowerCase() as Hex;
  const parties = {
    admin: lower(accounts.admin),
    custodian: lower(accounts.custodian),
    logOperator: lower(accounts.logOperator),
    paymasterSigner: lower(accounts.paymaster),
    examiner: lower(accounts.arbiter),
    jurisdictions: REGIONS.map((code) => ({
      code,
      ...coolingOffRule(packsOf(code)),
      uses: USES[settlementProfile(packsOf(code))],
    })),
  };
  const plan = deploymentPlan(parties, await placed(database, deploymentPlan(parties).contracts.Deployer));
  const sender = (account: (typeof accounts)['admin']) => new Relayer(database.db, chain, account);
  const admin = sender(accounts.admin);
  const call = async (to: Hex, data: Hex) => (await chain.viem.call({ to, data })).data;
  const outgoing = ({ name, to, data }: DeployStep) => ({
    key: `deploy/${name}/${keccak256(data)}`,
    to,
    data,
    gas: 20_000_000n,
  });
  await deploy(plan, {
    code: (address) => chain.viem.getCode({ address }),
    call: (to, data) => call(to, data).catch(() => undefined),
    // their order is that of the admin's nonces
    ahead: (steps) =>
      database.db.transaction().execute(async (tx) => {
        for (const step of steps) await admin.enqueue(tx, outgoing(step));
      }),
    send: async (step) => {
      await admin.send(outgoing(step));
    },
  });
  const { contracts } = plan;
  return {
    contracts,
    plan,
    chainId: chain.chainId,
    admin,
    relayer: sender(accounts.relayer),
    custodian: sender(accounts.custodian),
    logOperator: sender(accounts.logOperator),
    examiner: sender(accounts.arbiter),
    async grant(role, account) {
      const step = grantRole(contracts, role, account);
      if ((await call(step.check.to, step.check.data)) === step.check.expect) return;
      await admin.send({ key: `grant/${role}/${account}`, to: step.to, data: step.data });
    },
    async place(region, clinic) {
      const code = region.split('-')[0]!;
      if (packsOf(code).length === 0) return;
      const step = placeClinic(contracts, code, clinic);
      if ((await call(step.check.to, step.check.data)) === step.check.expect) return;
      await admin.send({ key: `place/${code}/${clinic}`, to: step.to, data: step.data });
    },
    async codeHash(address) {
      return keccak256((await chain.viem.getCode({ address })) ?? '0x');
    },
  };
}

/** The contracts that stand on this house's ledger: the first of each name that was deployed. */
async function placed(database: Database, deployer: Hex): Promise<Partial<Contracts>> {
  const { rows } = await sql<{ name: keyof Contracts; raw: Hex }>`
    select split_part(key, '/', 2) as name, raw from chain.outgoing
    where key like 'deploy/%' and state = 'mined' order by nonce desc`.execute(database.db);
  const places: Partial<Record<keyof Contracts, Hex>> = {};
  for (const { name, raw } of rows) {
    const { to, data } = parseTransaction(raw);
    if (data && to?.toLowerCase() === deployer) places[name] = placeOf({ to: deployer, data });
  }
  return places;
}

/** Contracts whose events are followed. */
export function followed(contracts: Contracts) {
  return {
    CareEscrow: { address: contracts.CareEscrow, abi: abis.CareEscrowAbi },
    SettlementUnit: { address: contracts.SettlementUnit, abi: abis.SettlementUnitAbi },
    UnitRegistry: { address: contracts.UnitRegistry, abi: abis.UnitRegistryAbi },
    AssessorPool: { address: contracts.AssessorPool, abi: abis.AssessorPoolAbi },
    AssessorPanel: { address: contracts.AssessorPanel, abi: abis.AssessorPanelAbi },
    ProviderVerification: { address: contracts.ProviderVerification, abi: abis.ProviderVerificationAbi },
    GuaranteePanel: { address: contracts.GuaranteePanel, abi: abis.GuaranteePanelAbi },
    ReviewGroups: { address: contracts.ReviewGroups, abi: abis.ReviewGroupsAbi },
    InstalmentPool: { address: contracts.InstalmentPool, abi: abis.InstalmentPoolAbi },
    InstalmentBook: { address: contracts.InstalmentBook, abi: abis.InstalmentBookAbi },
    ClinicBond: { address: contracts.ClinicBond, abi: abis.ClinicBondAbi },
    GuaranteePool: { address: contracts.GuaranteePool, abi: abis.GuaranteePoolAbi },
    GuaranteeBook: { address: contracts.GuaranteeBook, abi: abis.GuaranteeBookAbi },
    AbsencePledge: { address: contracts.AbsencePledge, abi: abis.AbsencePledgeAbi },
  } as unknown as ConstructorParameters<typeof Indexer>[0]['contracts'];
}
