/** Disputes: who is who, signatures over splits, what visits say, and the house's part in a panel. */
import type { Indexer } from '@zhenmei/chain';
import {
  agreementId,
  splitTypedData,
  type TermsJson,
  termsFromJson,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { AssessorPanelAbi, AssessorPoolAbi, CareEscrowAbi } from '@zhenmei/contracts/generated/abis.ts';
import { type IdentityContext, licenceFacts, organisations } from '@zhenmei/identity';
import { type Currency, derive, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { type DisputePort, isClaimPanel, panelNumber, sideNumber } from '@zhenmei/money';
import {
  encodeAbiParameters,
  encodeFunctionData,
  getAbiItem,
  hashTypedData,
  pad,
  recoverTypedDataAddress,
} from 'viem';
import { accountSigned } from './account-signature.ts';
import type { ModuleDeps } from './deps.ts';
import { heldIn } from './held-in.ts';

/** The shape of a visit's rows that disputes read; care owns the tables, this is a read model. */
interface VisitRead {
  'care.visit': {
    id: string;
    clinic_id: string;
    service_id: string;
    agreement_id: Hex | null;
    terms: TermsJson | null;
    read_token_hash: Hex;
    quote: { currency: Currency; lines?: unknown; items?: QuoteLine[] };
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
  procedure: { code: string; name: Named };
  excluded: Named[];
}

/** The visit of an agreement, or undefined if it was not made here. */
export const visitOf = ({ engines }: ModuleDeps, agreement: Hex) =>
  engines.database
    .as<VisitRead>()
    .selectFrom('care.visit')
    .selectAll()
    .where('agreement_id', '=', agreement)
    .executeTakeFirst();

/** As the escrow hashes them. */
export const encodedTerms = (terms: TermsJson): Hex =>
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
    await relayer.attempt({ key, to, data, gas: 3_000_000n });
    await indexer().catchUp();
  };
  const tag = (kind: string, value: string) =>
    toHex0x(derive(secrets.issuerSeed, `zhenmei/panel/tag/${kind}/${value}`));
  // sides speak of minor units of the price, the ledger of what it is held in
  const scale = (terms: TermsJson, quote: unknown) => heldIn({ terms, quote }, deps)?.scale ?? 1n;
  return {
    async side(agreement, { token, organisationId }) {
      const visit = await visitOf(deps, agreement);
      if (visit && token !== null && toHex0x(sha256(utf8(token))) === visit.read_token_hash) return 'patient';
      return visit && organisationId === visit.clinic_id ? 'clinic' : null;
    },
    async milestones(agreement) {
      const visit = await visitOf(deps, agreement);
      if (!visit?.terms) return null;
      const units = scale(visit.terms, visit.quote);
      return visit.terms.milestones.map(({ amount }) => BigInt(amount) / units);
    },
    async currency(agreement) {
      return (await visitOf(deps, agreement))?.quote.currency ?? null;
    },
    async organisation(id) {
      const [found] = await organisations(identity, { id });
      return found?.account ? { kind: found.kind, account: found.account } : null;
    },
    async splitSigned(split, by, signature) {
      const { terms, quote } = (await visitOf(deps, split.agreement)) ?? {};
      if (!terms) return false;
      const typed = splitTypedData(chainId, contracts.CareEscrow, {
        ...split,
        refund: split.refund * scale(terms, quote),
      });
      if (by === 'patient') {
        const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null);
        return signer?.toLowerCase() === terms.patient.toLowerCase();
      }
      return accountSigned(engines.chain, terms.clinic, hashTypedData(typed), signature);
    },
    async split(agreement, refund, patient, clinic) {
      const { terms: json, quote } = (await visitOf(deps, agreement))!;
      const terms = termsFromJson(json!);
      const data = encodeFunctionData({
        abi: CareEscrowAbi,
        functionName: 'split',
        args: [terms as never, refund * scale(json!, quote), patient, clinic],
      });
      await send(`split/${agreementId(terms)}/${refund}`, contracts.CareEscrow, data);
    },
    async openSecret(panel, side, secret) {
      const data = encodeFunctionData({
        abi: AssessorPanelAbi,
        functionName: 'openSecret',
        args: [panelNumber(panel), sideNumber(side), secret],
      });
      const to = isClaimPanel(panel) ? contracts.GuaranteePanel : contracts.AssessorPanel;
      await send(`panel/open/${panel}/${side}/${secret}`, to, data);
    },
    purse: (account) =>
      viem.readContract({
        address: contracts.AssessorPool,
        abi: AssessorPoolAbi,
        functionName: 'purse',
        args: [pad(account, { size: 32 })],
      }),
    layoutSecret: (panel, round) =>
      toHex0x(derive(secrets.issuerSeed, `zhenmei/panel/layout/${panel}/${round}`)),
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
        code: service.body.procedure.code,
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
        all.map(async ({ id, kind, name, account, city }) => ({
          id,
          kind: kind as 'assessor' | 'clinic',
          name,
          account: account!,
          tags: [tag('city', city.en), tag('institution', id), tag('self', id)] as [Hex, Hex, Hex],
          appointed: kind === 'clinic' || (await licenceFacts(identity, id)).assessor.valid === true,
        })),
      );
    },
  };
}
