/** Disputes: who is who, signatures over splits, what visits say, and the house's part in a panel. */
import type { Indexer } from '@zhenmei/chain';
import {
  agreementId,
  splitTypedData,
  type TermsJson,
  termsFromJson,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import {
  AssessorPanelAbi,
  AssessorPoolAbi,
  CareEscrowAbi,
  PasskeyAccountAbi,
} from '@zhenmei/contracts/generated/abis.ts';
import { type IdentityContext, licenceFacts, organisations } from '@zhenmei/identity';
import { derive, type Hex, MINUTE, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import {
  type DisputePort,
  drawSecret,
  type MoneyDatabase,
  secretCommitment,
  sideNumber,
} from '@zhenmei/money';
import {
  encodeAbiParameters,
  encodeFunctionData,
  getAbiItem,
  hashTypedData,
  pad,
  recoverTypedDataAddress,
} from 'viem';
import type { ModuleDeps } from './deps.ts';
import type { Modules } from './modules.ts';

/** The shape of a visit's rows that disputes read; care owns the tables, this is a read model. */
interface VisitRead {
  'care.visit': {
    id: string;
    clinic_id: string;
    service_id: string;
    agreement_id: Hex | null;
    terms: TermsJson | null;
    read_token_hash: Hex;
    quote: { lines?: unknown; items?: QuoteLine[] };
    consent: { template: string; version: string; commitment?: string } | null;
    treatment: { unit?: string; lot?: string; seal?: string; commitment?: string } | null;
  };
  'care.service': { id: string; body: ServiceRead };
  'care.visit_step': { visit_id: string; sequence: number; type: string; applied_at: Date };
}
interface Named {
  zh: string;
  en: string;
}
interface QuoteLine {
  name: Named;
  quantity: number;
  unitPrice: string;
}
interface ServiceRead {
  procedure: { name: Named };
  excluded: Named[];
}

const visitOf = ({ engines }: ModuleDeps, agreement: Hex) =>
  engines.database
    .as<VisitRead>()
    .selectFrom('care.visit')
    .selectAll()
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();

const encodedTerms = (terms: TermsJson): Hex =>
  encodeAbiParameters(getAbiItem({ abi: CareEscrowAbi, name: 'agreementId' }).inputs, [
    termsFromJson(terms) as never,
  ]);

export function disputePort(
  deps: ModuleDeps,
  identity: IdentityContext,
  indexer: () => Indexer,
): DisputePort {
  const { protocol, engines, secrets } = deps;
  const { contracts, chainId, relayer } = protocol;
  const { viem } = engines.chain;
  const send = async (key: string, to: Hex, data: Hex) => {
    if (!(await relayer.knows(key))) await relayer.simulate({ to, data });
    await relayer.send({ key, to, data, gas: 3_000_000n });
    await indexer().catchUp();
  };
  const tag = (kind: string, value: string) =>
    toHex0x(derive(secrets.issuerSeed, `zhenmei/panel/tag/${kind}/${value}`));
  return {
    async side(agreement, { token, organisationId }) {
      const visit = await visitOf(deps, agreement);
      if (visit && token !== null && toHex0x(sha256(utf8(token))) === visit.read_token_hash) return 'patient';
      return visit && organisationId === visit.clinic_id ? 'clinic' : null;
    },
    async milestones(agreement) {
      const terms = (await visitOf(deps, agreement))?.terms;
      return terms?.milestones.map(({ amount }) => BigInt(amount)) ?? null;
    },
    async organisation(id) {
      const [found] = await organisations(identity, { id });
      return found?.account ? { kind: found.kind, account: found.account } : null;
    },
    async splitSigned(split, by, signature) {
      const terms = (await visitOf(deps, split.agreement))?.terms;
      if (!terms) return false;
      const typed = splitTypedData(chainId, contracts.CareEscrow, split);
      if (by === 'patient') {
        const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null);
        return signer?.toLowerCase() === terms.patient.toLowerCase();
      }
      return viem
        .readContract({
          address: terms.clinic,
          abi: PasskeyAccountAbi,
          functionName: 'isValidSignature',
          args: [hashTypedData(typed), signature],
        })
        .then((answer) => answer === '0x1626ba7e')
        .catch(() => false);
    },
    async split(agreement, refund, patient, clinic) {
      const terms = termsFromJson((await visitOf(deps, agreement))!.terms!);
      const data = encodeFunctionData({
        abi: CareEscrowAbi,
        functionName: 'split',
        args: [terms as never, refund, patient, clinic],
      });
      await send(`split/${agreementId(terms)}/${refund}`, contracts.CareEscrow, data);
    },
    async openSecret(panel, side, secret) {
      const data = encodeFunctionData({
        abi: AssessorPanelAbi,
        functionName: 'openSecret',
        args: [BigInt(panel), sideNumber(side), secret],
      });
      await send(`panel/open/${panel}/${side}/${secret}`, contracts.AssessorPanel, data);
    },
    purse: (account) =>
      viem.readContract({
        address: contracts.AssessorPool,
        abi: AssessorPoolAbi,
        functionName: 'purse',
        args: [pad(account, { size: 32 })],
      }),
    async facts(agreement) {
      const visit = (await visitOf(deps, agreement))!;
      const db = engines.database.as<VisitRead>();
      const [service, steps] = await Promise.all([
        db
          .selectFrom('care.service')
          .select('body')
          .where('id', '=', visit.service_id)
          .executeTakeFirstOrThrow(),
        db
          .selectFrom('care.visit_step')
          .select(['type', 'applied_at'])
          .where('visit_id', '=', visit.id)
          .orderBy('sequence')
          .execute(),
      ]);
      return {
        procedure: service.body.procedure.name,
        quote: (visit.quote.items ?? []).map(({ name, quantity, unitPrice }) => ({
          name,
          quantity,
          unitPrice,
        })),
        excluded: service.body.excluded,
        consent: visit.consent && { template: visit.consent.template, version: visit.consent.version },
        unit: visit.treatment?.unit ?? null,
        lot: visit.treatment?.lot ?? null,
        record: visit.treatment?.commitment ?? visit.treatment?.seal ?? null,
        history: steps.map(({ type, applied_at }) => ({ type, at: applied_at.toISOString() })),
      };
    },
    async candidates() {
      const all = [
        ...(await organisations(identity, { kind: 'assessor' })),
        ...(await organisations(identity, { kind: 'clinic' })),
      ].filter(({ account }) => account !== null);
      return Promise.all(
        all.map(async ({ id, kind, account, city }) => ({
          id,
          kind: kind as 'assessor' | 'clinic',
          account: account!,
          tags: [tag('city', city.en), tag('institution', id), tag('self', id)] as [Hex, Hex, Hex],
          appointed: kind === 'clinic' || (await licenceFacts(identity, id)).assessor.valid === true,
        })),
      );
    },
  };
}

/** What the house does in every live case: its number for the draw, and whatever anybody may do once it is time. */
export async function advancePanels(deps: ModuleDeps, modules: Modules): Promise<void> {
  const db = deps.engines.database.as<MoneyDatabase>();
  const rows = await db
    .selectFrom('money.dispute')
    .selectAll()
    .where('panel_id', 'is not', null)
    .where('phase', 'not in', ['settled', 'failed'])
    .execute();
  for (const row of rows)
    await advance(
      deps,
      row,
      await db
        .selectFrom('money.dispute_secret')
        .selectAll()
        .where('panel_id', '=', row.panel_id)
        .where('round', '=', row.round)
        .execute(),
    );
  if (rows.length > 0) await modules.indexer.catchUp();
}

type Row = {
  panel_id: string | null;
  round: number;
  beacon: Hex | null;
  phase: string | null;
  deadline: Date | null;
  ends_at: Date;
  open: boolean;
  agreement_id: Hex;
};
type Secret = { side: string; secret: Hex | null };

async function advance(deps: ModuleDeps, row: Row, sides: readonly Secret[]): Promise<void> {
  const { contracts, examiner, relayer } = deps.protocol;
  const id = BigInt(row.panel_id!);
  const place = { panel: row.panel_id!, round: row.round, beacon: row.beacon! };
  const secret = drawSecret(derive(deps.secrets.issuerSeed, 'zhenmei/panel/house'), place);
  const over = row.deadline !== null && deps.clock.now() > row.deadline.getTime() + 2_000;
  /** Milliseconds over the deadline: the try is made again later if it came too early by the chain's clock. */
  const turn = over ? Math.floor((deps.clock.now() - row.deadline!.getTime()) / MINUTE) : 0;
  const act = async (name: string, args: readonly unknown[], by = relayer): Promise<void> => {
    const data = encodeFunctionData({
      abi: AssessorPanelAbi,
      functionName: name as never,
      args: args as never,
    });
    const key = `panel/${name}/${id}/${row.round}/${row.phase}/${turn}`;
    await by
      .send({ key, to: contracts.AssessorPanel, data, gas: 7_000_000n })
      .catch((error: { code?: string }) => {
        // somebody else was quicker, or the chain's clock is behind
        if (error.code !== 'CHAIN_REVERTED') throw error;
      });
  };
  const house = sides.find(({ side }) => side === 'house');
  if (!row.open || deps.clock.now() > row.ends_at.getTime() + 2_000) return act('lapse', [id]);
  switch (row.phase) {
    case 'secrets':
      if (!over && !house) {
        const commitment = secretCommitment({ ...place, side: 'house' }, secret);
        return act('prepare', [id, row.beacon, commitment, `0x${'0'.repeat(64)}`], examiner);
      }
      if (over && house && house.secret === null) return act('openSecret', [id, sideNumber('house'), secret]);
      // the phase of opening lasts as long again
      if (over && deps.clock.now() > row.deadline!.getTime() + 86_402_000) return act('draw', [id]);
      return;
    case 'opening':
      if (house && house.secret === null && !over)
        return act('openSecret', [id, sideNumber('house'), secret]);
      if (over || sides.filter((side) => side.secret !== null).length === 3) return act('draw', [id]);
      return;
    case 'voting':
      if (over && deps.clock.now() > row.deadline!.getTime() + 3 * 86_400_000)
        return act('tally', [id, secret]);
      return;
    case 'revealing':
      if (over) return act('tally', [id, secret]);
      return;
    case 'tallying':
      return act('tally', [id, secret]);
    case 'appealable':
    case 'ruled': {
      if (row.phase === 'appealable' && !over) return;
      const visit = await visitOf(deps, row.agreement_id);
      if (visit?.terms) await act('settle', [id, encodedTerms(visit.terms)]);
    }
  }
}
