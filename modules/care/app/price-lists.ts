/** Publishing a clinic's prices, and taking a quote from those in force. */
import { AppError } from '@zhenmei/kernel';
import { type PricedService, type PriceList, priceListHash, unsaidDifference } from '../core/price-list.ts';
import type { Quote } from '../core/quote.ts';
import { type ServiceBody, serviceCode } from '../core/service.ts';
import type { CareContext } from './context.ts';
import { assertCancellation } from './gates.ts';
import { assertPlan } from './publish.ts';

/** Publishes the next version. Throws PRICE_LIST_TOO_EARLY, PRICE_LIST_WRONG, PLAN_WRONG, CANCELLATION_WITH_PLAN, SCOPE_REFUSED. */
export async function publishPriceList(
  ctx: CareContext,
  clinicId: string,
  { validFrom, services }: Pick<PriceList, 'validFrom' | 'services'>,
  lang: 'zh-CN' | 'en' = 'zh-CN',
): Promise<{ version: number; hash: string }> {
  const now = ctx.clock.now();
  const listed = await ctx.db
    .selectFrom('care.service')
    .select(['code', 'body'])
    .where('clinic_id', '=', clinicId)
    .where('withdrawn_at', 'is', null)
    .execute();
  const [had, given] = [listed.map(({ code }) => code), services.map(({ code }) => code)];
  const wrong =
    given.find((code, i) => !had.includes(code) || given.indexOf(code) !== i) ??
    had.find((code) => !given.includes(code));
  if (wrong) throw new AppError('PRICE_LIST_WRONG', { code: wrong });
  for (const priced of services)
    await assertPlan(ctx, listed.find(({ code }) => code === priced.code)!.body, priced);
  for (const priced of services) await assertCancellation(ctx, clinicId, priced, lang);
  return ctx.db.transaction().execute(async (tx) => {
    const last = await tx
      .selectFrom('care.price_list')
      .select(['version', 'valid_from'])
      .where('clinic_id', '=', clinicId)
      .orderBy('version', 'desc')
      .limit(1)
      .forUpdate()
      .executeTakeFirst();
    const from = Date.parse(validFrom);
    if (from < now || (last && from < last.valid_from.getTime())) throw new AppError('PRICE_LIST_TOO_EARLY');
    const list: PriceList = { version: (last?.version ?? 0) + 1, validFrom, services };
    const hash = priceListHash(list);
    await tx
      .insertInto('care.price_list')
      .values({
        clinic_id: clinicId,
        version: list.version,
        valid_from: new Date(from),
        body: JSON.stringify(list),
        hash,
        published_at: new Date(now),
      })
      .execute();
    return { version: list.version, hash };
  });
}

/** All versions, the newest first. */
export async function readPriceLists(ctx: CareContext, clinicId: string) {
  const rows = await ctx.db
    .selectFrom('care.price_list')
    .select(['body', 'hash'])
    .where('clinic_id', '=', clinicId)
    .orderBy('version', 'desc')
    .limit(50)
    .execute();
  // also of services that are not listed any more: their prices stand in earlier versions
  const services = await ctx.db
    .selectFrom('care.service')
    .select(['code', 'body'])
    .where('clinic_id', '=', clinicId)
    .orderBy('published_at')
    .execute();
  const known = new Map(services.map(({ code, body }) => [code, body.currency]));
  return rows.map(({ body, hash }) => ({
    list: body,
    hash,
    currencies: Object.fromEntries(body.services.map(({ code }) => [code, known.get(code)!])),
  }));
}

async function inForce(ctx: CareContext, clinicId: string, at: number) {
  return ctx.db
    .selectFrom('care.price_list')
    .select(['body', 'hash'])
    .where('clinic_id', '=', clinicId)
    .where('valid_from', '<=', new Date(at))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

type Divided = 'plan' | 'cancellation' | 'pledgeBps';

/** How a price is divided, what is kept of it and what is put aside for it, as far as each is said. */
export const divided = ({
  plan,
  cancellation,
  pledgeBps,
}: Pick<PricedService, Divided>): Pick<PricedService, Divided> => ({
  ...(plan ? { plan } : {}),
  ...(cancellation ? { cancellation } : {}),
  ...(pledgeBps ? { pledgeBps } : {}),
});

/** What a service costs now: by the list in force, or as it was listed where there is none. */
export async function pricesOf(
  ctx: CareContext,
  clinicId: string,
  body: ServiceBody,
  at: number,
): Promise<Pick<PricedService, 'items' | 'excluded' | Divided> & { list?: NonNullable<Quote['list']> }> {
  const found = await inForce(ctx, clinicId, at);
  const priced = found?.body.services.find(({ code }) => code === serviceCode(body));
  if (!found || !priced) return { items: body.items, excluded: body.excluded, ...divided(body) };
  const { version, validFrom } = found.body;
  return { ...priced, list: { version, hash: found.hash, validFrom } };
}

export async function quoteOf(
  ctx: CareContext,
  clinicId: string,
  body: ServiceBody,
  validUntil: string,
): Promise<Quote> {
  const { items, excluded, list, ...rest } = await pricesOf(ctx, clinicId, body, ctx.clock.now());
  return {
    currency: body.currency,
    items,
    excluded,
    validUntil,
    ...(list ? { list } : {}),
    ...divided(rest),
  };
}

/**
 * The clinic's own quote before its offer: from the list it was booked under, or with a reason for every difference.
 * Throws QUOTE_DIFFERS_UNSAID, STEP_NOT_ALLOWED, VISIT_UNKNOWN, PLAN_WRONG.
 */
export async function reviseQuote(
  ctx: CareContext,
  clinicId: string,
  visitId: string,
  given: Pick<Quote, 'items' | 'excluded'> & { differs: NonNullable<Quote['differs']> },
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const visit = await tx
      .selectFrom('care.visit')
      .selectAll()
      .where('id', '=', visitId)
      .where('clinic_id', '=', clinicId)
      .forUpdate()
      .executeTakeFirst();
    if (!visit) throw new AppError('VISIT_UNKNOWN');
    if (visit.state !== 'quoted') throw new AppError('STEP_NOT_ALLOWED');
    const service = await tx
      .selectFrom('care.service')
      .selectAll()
      .where('id', '=', visit.service_id)
      .executeTakeFirstOrThrow();
    const listed = await pricesOf(ctx, clinicId, service.body, visit.created_at.getTime());
    const unsaid = unsaidDifference(listed.items, given.items, given.differs);
    if (unsaid) throw new AppError('QUOTE_DIFFERS_UNSAID', { item: unsaid.zh });
    const { differs: _, ...before } = visit.quote;
    await assertPlan(ctx, service.body, { items: given.items, plan: before.plan });
    const quote: Quote = {
      ...before,
      items: given.items,
      excluded: given.excluded,
      ...(given.differs.length > 0 ? { differs: given.differs } : {}),
    };
    await tx
      .updateTable('care.visit')
      .set({ quote: JSON.stringify(quote), updated_at: new Date(ctx.clock.now()) })
      .where('id', '=', visitId)
      .execute();
  });
}
