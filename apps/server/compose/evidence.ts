/** Chain evidence for receipts: taken in one block, vouched for by our own witness and marked as such. */
import type { EvidencePort } from '@zhenmei/care';
import { consentLeafKey } from '@zhenmei/care';
import {
  accountSlot,
  anchorRootSlot,
  anchorSizeSlot,
  groupRootSlot,
  issuerEntrySlot,
  lotSlot,
  readAnchor,
  unitSlot,
  useSlot,
} from '@zhenmei/contracts/deploy/slots.ts';
import { evidenceFromNode, type NodeBlock, type NodeProof, signHeader } from '@zhenmei/evidence';
import { type IdentityContext, issuersNow, statusListsOf, thumbprint, typeSubject } from '@zhenmei/identity';
import { readSdJwt } from '@zhenmei/identity/core/sd-jwt.ts';
import { AppError, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import {
  eventDigest,
  eventLeafKey,
  judgeUnit,
  type ProvenanceContext,
  readProduct,
} from '@zhenmei/provenance';
import type { TransparencyLog } from '@zhenmei/tlog';
import { LeanIMT } from '@zk-kit/lean-imt';
import { poseidon2 } from 'poseidon-lite/poseidon2';
import type { ModuleDeps } from './deps.ts';

const id = (text: string): Hex => toHex0x(keccak256(utf8(text)));

export function evidencePort(
  deps: ModuleDeps,
  log: TransparencyLog,
  identity: IdentityContext,
  provenance: ProvenanceContext,
): EvidencePort {
  const { contracts } = deps.protocol;
  const origin = id(log.origin);
  return {
    async beforeUnsealing(unit, use) {
      const head = await deps.engines.chain.head();
      const evidence = await take(deps, head.number, [
        { address: contracts.LogAnchor, slots: [anchorRootSlot(origin), anchorSizeSlot(origin)] },
        { address: contracts.UnitRegistry, slots: [useSlot(id(unit), use)] },
      ]);
      const size = evidence.accounts
        .find((a) => a.address === contracts.LogAnchor)
        ?.storage.find((s) => s.slot === anchorSizeSlot(origin));
      return { evidence, anchoredSize: readAnchor(BigInt(size?.value ?? '0x0')).size };
    },

    async settled(visit) {
      const { authorisation } = await readProduct(provenance, visit.gtin);
      const shown = [visit.doctorPresentation, visit.clinicPresentation, authorisation].flatMap((token) =>
        token ? [statedIn(token)] : [],
      );
      // only of those who issued what is shown
      const issuers = (await issuersNow(identity)).filter((issuer) =>
        shown.some(({ iss }) => iss === issuer.id),
      );
      const issuerSlots = issuers.flatMap((issuer) => [
        ...issuer.types
          .filter(({ vct }) => shown.some((one) => one.vct === vct))
          .map(({ vct, scope }) => issuerEntrySlot(id(issuer.id), id(typeSubject(vct, scope)))),
        ...issuer.keys.map(({ jwk }) => issuerEntrySlot(id(issuer.id), toHex0x(thumbprint(jwk)))),
      ]);
      const head = await deps.engines.chain.head();
      const part = (address: Hex, slots: Hex[]) => ({ address, slots: [...new Set(slots)] });
      const issuerPart = part(contracts.IssuerRegistry, issuerSlots);
      const [licence, product, money, review] = await Promise.all([
        take(deps, head.number, [issuerPart]),
        take(deps, head.number, [
          issuerPart,
          part(contracts.UnitRegistry, [
            useSlot(id(visit.unit), visit.use),
            unitSlot(id(visit.unit)),
            lotSlot(id(visit.lot)),
          ]),
        ]),
        take(deps, head.number, [part(contracts.CareEscrow, [accountSlot(visit.agreementId)])]),
        take(deps, head.number, [part(contracts.ReviewGroups, [groupRootSlot(BigInt(visit.group))])]),
      ]);
      const answer = await judgeUnit(provenance, { code: visit.unit, purpose: 'after-use' });
      const events = await Promise.all(
        answer.events.map(async (event) => ({
          event,
          proof: await log.proof({ key: eventLeafKey(eventDigest(event)) }),
        })),
      );
      return {
        licence,
        product,
        money,
        review: {
          chain: review,
          ...(await membership(deps, visit.group, BigInt(visit.commitment), head.number)),
        },
        policy: visit.policy,
        statusLists: await statusListsOf(identity, [visit.doctorPresentation, visit.clinicPresentation]),
        productStatusLists: authorisation ? await statusListsOf(identity, [authorisation]) : {},
        authorisation,
        events,
        sealProof: await log.proof({ key: visit.sealKey }),
        consentProof: await log.proof({ key: consentLeafKey(visit.visitId) }, visit.anchoredBefore),
      };
    },
  };
}

/** Issuer and kind as a presented certificate states them; it was judged when it was presented. */
function statedIn(token: string): { iss: unknown; vct: unknown } {
  const { iss, vct } = readSdJwt(token).claims;
  return { iss, vct };
}

/** State of contracts in one block, signed by our own witness. */
export async function take(deps: ModuleDeps, block: number, wanted: { address: Hex; slots: Hex[] }[]) {
  const { engines, secrets, protocol } = deps;
  const raw = await engines.chain.evidence(block, wanted);
  const hash = (raw.block as NodeBlock).hash;
  return evidenceFromNode(raw.block as NodeBlock, raw.proofs as NodeProof[], [
    signHeader(secrets.witnessSeed, protocol.chainId, hash),
  ]);
}

/** Path of a commitment in the clinic's group, from the events up to `block`. */
async function membership({ engines }: ModuleDeps, group: Hex, commitment: bigint, block: number) {
  interface Events {
    'chain.event': {
      block: bigint;
      log_index: number;
      name: string;
      args: { group: string; commitment: string };
    };
  }
  const rows = await engines.database
    .as<Events>()
    .selectFrom('chain.event')
    .select('args')
    .where('name', '=', 'MemberAdmitted')
    .where('block', '<=', BigInt(block))
    .orderBy('block')
    .orderBy('log_index')
    .execute();
  const members = rows
    .filter(({ args }) => args.group === BigInt(group).toString())
    .map(({ args }) => BigInt(args.commitment));
  const tree = new LeanIMT<bigint>((a, b) => poseidon2([a, b]), members);
  const at = members.indexOf(commitment);
  if (at < 0) throw new AppError('EVIDENCE_NOT_READY');
  const proof = tree.generateProof(at);
  return { root: proof.root.toString(), index: proof.index, siblings: proof.siblings.map(String) };
}
