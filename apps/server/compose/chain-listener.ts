/** What the chain's events set off in the modules. */
import { type CareContext, onChainEvent } from '@zhenmei/care';
import type { IndexedEvent } from '@zhenmei/chain';
import { enqueue } from '@zhenmei/jobs';
import type { Hex } from '@zhenmei/kernel';
import { type MoneyContext, onHeld, onMinted, onPlaced } from '@zhenmei/money';
import type { HouseClock } from './clock.ts';
import { payContester } from './contest-work.ts';
import { payHome } from './escrow-work.ts';
import { ISSUE_INVOICES } from './money.ts';

/** Contracts whose events concern a visit's steps. */
const OF_VISITS = new Set(['CareEscrow', 'UnitRegistry', 'ReviewGroups']);

/** What an event on chain sets off in the modules, inside the indexer's transaction. */
export async function listen(
  { care, money, clock }: { care: CareContext; money: MoneyContext; clock: HouseClock },
  tx: unknown,
  event: IndexedEvent,
): Promise<void> {
  const { args } = event;
  if (event.contract === 'SettlementUnit' && event.name === 'Minted')
    await onMinted(money, tx as never, args.to as Hex, BigInt(args.amount as string));
  if (event.contract === 'CareEscrow' && event.name === 'AgreementOpened')
    await onHeld(money, tx as never, args.id as Hex);
  await onPlaced(money, tx as never, event);
  if (event.contract === 'CareEscrow' && event.name === 'Credited')
    await payHome(tx as never, String(args.who), `${event.block}/${event.logIndex}`, clock.now());
  if (event.contract === 'ProviderVerification' && event.name === 'Credited')
    await payContester(tx as never, String(args.who), `${event.block}/${event.logIndex}`, clock.now());
  if (!OF_VISITS.has(event.contract)) return;
  const agreement = (args.id ?? args.agreement) as Hex | undefined;
  const ends = await onChainEvent(care, tx as never, {
    name: event.name,
    block: event.block,
    logIndex: event.logIndex,
    ...(agreement ? { agreement } : {}),
    ...(event.name.startsWith('Milestone')
      ? { milestone: Number(args.milestone), paid: Number(args.toClinic ?? 0) > 0 }
      : {}),
    ...(event.name === 'UnitOpened'
      ? { unit: args.unit as Hex, use: Number(args.use), commitment: args.commitment as Hex }
      : {}),
  });
  if (event.contract === 'CareEscrow' && event.name === 'AgreementClosed')
    await enqueue(tx as never, {
      kind: ISSUE_INVOICES,
      key: `invoice/${args.id}`,
      payload: null,
      dueAt: clock.now(),
    });
  // a review right and a receipt where the clinic was paid for what it did, wholly or in part
  if (ends)
    await enqueue(tx as never, {
      kind: 'finish-visit',
      key: `finish/${args.id}`,
      payload: { agreement: args.id },
      dueAt: clock.now(),
    });
}
