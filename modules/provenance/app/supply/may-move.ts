/** May these goods go there? Asked before a signed shipment or receipt is taken; what only happened is recorded anyway. */
import { AppError } from '@zhenmei/kernel';
import { decide } from '@zhenmei/policy';
import { withContents } from '../../adapters/items.ts';
import { type EpcisEvent, siteOf } from '../../core/events.ts';
import { EXCEPTIONS } from '../../core/exceptions.ts';
import { arrives, destinationOf, shipsFrom, sourceOf } from '../../core/item.ts';
import type { Site } from '../../ports.ts';
import type { SupplyContext } from './context.ts';
import { locksOf } from './locks.ts';
import { makersOf } from './makers.ts';

/** Throws GOODS_LOCKED, SUPPLY_REFUSED with the rule and whom it names. */
export async function assertMayMove(ctx: SupplyContext, event: EpcisEvent): Promise<void> {
  const ships = shipsFrom(event);
  if (!ships && !arrives(event)) return;
  const here = siteOf(event) ?? null;
  const [from, to] = ships ? [here, destinationOf(event)] : [sourceOf(event), here];
  const epcs = await withContents(ctx.db, event.epcList ?? []);
  if (ships) await assertFree(ctx, epcs);
  const sites = await ctx.parties.all();
  const siteBy = (gln: string | null) => sites.find((site) => site.gln === gln);
  await assertLawful(ctx, ships ? 'supply.ship' : 'supply.receive', epcs, siteBy(from), siteBy(to), to);
}

async function assertFree(ctx: SupplyContext, epcs: readonly string[]): Promise<void> {
  const locks = await locksOf(ctx, epcs);
  const [first] = locks.values();
  if (!first) return;
  const { zh, en } = EXCEPTIONS[first].title;
  throw new AppError('GOODS_LOCKED', { units: locks.size, zh, en });
}

async function assertLawful(
  ctx: SupplyContext,
  action: 'supply.ship' | 'supply.receive',
  epcs: readonly string[],
  from: Site | undefined,
  to: Site | undefined,
  toGln: string | null,
): Promise<void> {
  const makers = await makersOf(ctx, epcs);
  const toxin = epcs.some((epc) => makers.product(epc)?.isToxin);
  const designated = (site: Site | undefined) => site && (site.kind === 'maker' || site.licensedForToxin);
  const decision = decide(
    ctx.packs(to?.region ?? from?.region ?? ''),
    action,
    {
      'product.isToxin': toxin,
      'sender.designatedForToxin': designated(from),
      'receiver.kind': to?.kind,
      'receiver.designatedForToxin': designated(to),
    },
    ctx.clock.now(),
  );
  if (decision.outcome === 'allow') return;
  const first = decision.reasons[0];
  const unknown = toGln ?? '?';
  throw new AppError('SUPPLY_REFUSED', {
    whoZh: (first?.rule.startsWith('toxin-sender') ? from?.name.zh : to?.name.zh) ?? unknown,
    whoEn: (first?.rule.startsWith('toxin-sender') ? from?.name.en : to?.name.en) ?? unknown,
    zh: first ? `${first.reason.zh}${first.next.zh}` : '该地区没有规则，因此默认不允许。',
    en: first
      ? `${first.reason.en} ${first.next.en}`
      : 'There are no rules for this region, so it is refused.',
    rule: first?.rule ?? 'no-pack',
    pack: first?.pack ?? '',
  });
}
