/** Takes the proof of a unit: records and notices under the log's anchored checkpoint, and the chain's state in one block. */
import { unitProof as lotPath } from '@zhenmei/client/unit-tree.ts';
import {
  anchorRootSlot,
  anchorSizeSlot,
  issuerEntrySlot,
  lotRootSlot,
  lotSlot,
  readAnchor,
  unitSlot,
} from '@zhenmei/contracts/deploy/slots.ts';
import { lotLink } from '@zhenmei/gs1';
import { issuersNow, statusListsOf, thumbprint } from '@zhenmei/identity';
import { AppError, type Hex, keccak256, toHex0x, utf8 } from '@zhenmei/kernel';
import {
  type Answer,
  eventDigest,
  eventLeafKey,
  noticeLeafKey,
  noticesOf,
  readLot,
  readProduct,
  UNIT_PROOF_TYPE,
  unitProofText,
} from '@zhenmei/provenance';
import type { ModuleDeps } from './deps.ts';
import { take } from './evidence.ts';
import type { Modules } from './modules.ts';

const id = (text: string): Hex => toHex0x(keccak256(utf8(text)));

/** @param answer the verdict on the unit, with the records it was made from. Throws UNIT_UNKNOWN, PROOF_NOT_READY. */
export async function takeUnitProof(deps: ModuleDeps, modules: Modules, answer: Answer): Promise<string> {
  const { provenance, identity, log } = modules;
  const { unit, product, lot } = answer.view;
  if (!unit || !product || !lot || answer.events.length === 0) throw new AppError('UNIT_UNKNOWN');
  const lotAddress = lotLink(product.gtin, lot);
  const { units } = await readLot(provenance, lotAddress).catch(() => ({ units: [] as string[] }));
  const { authorisation } = await readProduct(provenance, product.gtin);
  const lists = authorisation ? await statusListsOf(identity, [authorisation]) : {};
  const [statusUri] = Object.keys(lists);
  const { chain, anchored } = await chainState(deps, modules, unit, lotAddress);
  const place = async (key: string) => {
    const { index, path, checkpoint } = await log.proof({ key }, anchored).catch(notReady);
    return { index, path: [...path], checkpoint };
  };
  const notices = await noticesOf(provenance, product.gtin);
  const { note } = await log.checkpoint(anchored).catch(notReady);
  return unitProofText({
    type: UNIT_PROOF_TYPE,
    version: 1,
    chainId: deps.protocol.chainId,
    unit,
    lot: lotAddress,
    log: { origin: log.origin, checkpoint: note },
    events: await Promise.all(
      answer.events.map(async (event) => {
        const { index, path } = await place(eventLeafKey(eventDigest(event)));
        return { event: event as never, index, path };
      }),
    ),
    notices: await Promise.all(
      notices.map(async (signed) => {
        const { index, path } = await place(noticeLeafKey(signed.notice.id));
        return { signed, index, path };
      }),
    ),
    lotPath: lotPath(units, unit),
    authorisation,
    statusList: statusUri === undefined ? null : { uri: statusUri, token: lists[statusUri]! },
    chain: chain as never,
  });
}

/** What waits for its checkpoint or its anchor is there in a moment. */
function notReady(cause: unknown): never {
  if (cause instanceof AppError && /^TLOG_NOT_(PUBLISHED|FOUND)$/.test(cause.code))
    throw new AppError('PROOF_NOT_READY', {}, { cause });
  throw cause;
}

async function chainState(deps: ModuleDeps, { identity, log }: Modules, unit: string, lot: string) {
  const { contracts } = deps.protocol;
  const origin = id(log.origin);
  const issuers = await issuersNow(identity);
  const head = await deps.engines.chain.head();
  const issuerSlots = issuers.flatMap((issuer) => [
    ...issuer.types.map(({ vct }) => issuerEntrySlot(id(issuer.id), id(vct))),
    ...issuer.keys.map(({ jwk }) => issuerEntrySlot(id(issuer.id), toHex0x(thumbprint(jwk)))),
  ]);
  const chain = await take(deps, head.number, [
    { address: contracts.LogAnchor, slots: [anchorRootSlot(origin), anchorSizeSlot(origin)] },
    {
      address: contracts.UnitRegistry,
      slots: [lotSlot(id(lot)), lotRootSlot(id(lot)), unitSlot(id(unit))],
    },
    { address: contracts.IssuerRegistry, slots: [...new Set(issuerSlots)] },
  ]);
  const size = chain.accounts
    .find(({ address }) => address === contracts.LogAnchor)
    ?.storage.find(({ slot }) => slot === anchorSizeSlot(origin));
  return { chain, anchored: readAnchor(BigInt(size?.value ?? '0x0')).size };
}
