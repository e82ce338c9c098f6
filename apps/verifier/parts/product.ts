/** Product: this unit is genuine, approved for this use, unexpired, not recalled, and was opened once, for this visit. */

import type { Receipt } from '@zhenmei/care/core/receipt.ts';
import { lotSlot, readLot, readUnit, unitSlot, useSlot } from '@zhenmei/contracts/deploy/slots.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { AppError, fromHex, fromUtf8, keccak256, toHex0x, toSeconds, utf8 } from '@zhenmei/kernel';
import { EpcisEvent, eventLeafText, eventLeafType } from '@zhenmei/provenance/core/events.ts';
import { masterOf } from '@zhenmei/provenance/core/master.ts';
import { ProductBody } from '@zhenmei/provenance/core/product.ts';
import { judge } from '@zhenmei/provenance/core/verdict.ts';
import { verifyLogProof } from '@zhenmei/tlog/core/log-proof.ts';
import { provenState } from '../chain.ts';
import type { PartContext } from '../context.ts';
import { mustBeRegistered, mustHold, trustedIssuers } from '../issuers.ts';
import { CannotJudge, type ProofResult, result } from '../result.ts';

type ProductPart = NonNullable<Receipt['parts']['product']>;

export async function proveProduct(
  { claims, evidence }: ProductPart,
  context: PartContext,
): Promise<ProofResult> {
  const { trust } = context;
  const events = evidence.events.map(({ event, proof }) => provenEvent(event, proof, trust));
  const state = provenState(evidence.chain, context);

  const held = await mustHold(evidence.authorisation, {
    at: toSeconds(state.block.time),
    issuers: trustedIssuers(trust),
    statusLists: evidence.statusLists,
    type: CREDENTIAL_TYPES.productAuthorisation,
    emptyDigests: true,
  });
  mustBeRegistered(state, held);
  const body = ProductBody.safeParse(held.claims);
  if (!body.success || !claims.unit.startsWith(`https://id.gs1.org/01/${body.data.gtin}/21/`))
    throw new AppError('PRODUCT_NOT_AUTHORISED', { code: 'OTHER_PRODUCT' });

  const verdict = judge({
    now: state.block.time,
    master: masterOf(body.data),
    parties: [],
    events,
    unit: claims.unit,
    label: {},
    purpose: 'after-use',
    procedureCommitment: claims.eventCommitment,
    region: claims.region,
    intendedRoute: claims.route,
  });
  const codes = verdict.reasons.map(({ code }) => code).join(', ');
  if (verdict.level === 'red') throw new AppError('PRODUCT_NOT_CONSISTENT', { codes });
  if (verdict.level !== 'green') throw new CannotJudge('PRODUCT_NOT_CONSISTENT');
  const used = events.find(
    (e) => e.bizStep === 'dispensing' && e['zm:procedureCommitment'] === claims.eventCommitment,
  );
  if (!used || used['zm:amountUsed'] !== claims.amount || used['zm:amountUnit'] !== claims.amountUnit)
    throw new AppError('PRODUCT_NOT_CONSISTENT', { codes: 'use' });

  checkRegistry(claims, state.word, body.data.singleUse);
  return result('proven', 'PRODUCT_PROVEN', {
    grade: state.grade,
    facts: {
      unit: claims.unit,
      handovers: verdict.handovers.total,
      signed: verdict.handovers.signed,
      registration: body.data.registration,
      block: state.block.number,
    },
  });
}

function provenEvent(json: unknown, proof: unknown, trust: PartContext['trust']): EpcisEvent {
  const event = EpcisEvent.safeParse(json);
  if (!event.success) throw new AppError('PRODUCT_EVENT_DIFFERS');
  const origin = (proof as { origin: string }).origin;
  const log = trust.logs.find((known) => known.origin === origin);
  if (!log) throw new AppError('PRODUCT_EVENT_DIFFERS');
  const { leaf } = verifyLogProof(proof, log);
  // corrections were once logged like any other event
  const typed = leaf[0] === 0x01 || leaf[0] === eventLeafType(event.data);
  if (!typed || fromUtf8(leaf.subarray(1)) !== eventLeafText(event.data))
    throw new AppError('PRODUCT_EVENT_DIFFERS');
  return event.data;
}

/** The registry's entry opens with this visit's value, the unit was opened no more often than it may, the lot is not blocked. */
function checkRegistry(
  claims: ProductPart['claims'],
  word: (contract: string, slot: `0x${string}`) => bigint,
  singleUse: boolean,
): void {
  const differs = (what: string): never => {
    throw new AppError('CHAIN_STATE_DIFFERS', { what });
  };
  const id = (link: string) => toHex0x(keccak256(utf8(link)));
  const unit = readUnit(word('UnitRegistry', unitSlot(id(claims.unit))));
  const lot = readLot(word('UnitRegistry', lotSlot(id(claims.lot))));
  if (
    word('UnitRegistry', useSlot(id(claims.unit), claims.use)) !==
    BigInt(toHex0x(keccak256(fromHex(claims.opener))))
  )
    differs('opener');
  if (singleUse ? unit.openings !== 1 || claims.use !== 0 : unit.openings <= claims.use) differs('openings');
  if (unit.used > lot.amountPerUnit || unit.used < claims.amount) differs('amount');
  if (lot.blocked) throw new AppError('PRODUCT_NOT_CONSISTENT', { codes: 'RECALLED_LOT' });
}
