/** Gathers what was stated about a unit and lets the pure verdict decide. */
import { lotLink, readCode, unitLink } from '@zhenmei/gs1';
import { AppError, type Hex } from '@zhenmei/kernel';
import type { VerdictView } from '../api.ts';
import { type EpcisEvent, eventDigest } from '../core/events.ts';
import type { ProductBody } from '../core/product.ts';
import { REASONS } from '../core/reasons.ts';
import { type Facts, judge, type Reason, type Verdict } from '../core/verdict.ts';
import type { ProvenanceContext } from './context.ts';

export interface Question {
  readonly code: string;
  readonly purpose: Facts['purpose'];
  readonly region?: string | undefined;
  readonly route?: string | undefined;
  readonly place?: string;
  readonly procedureCommitment?: string;
}

export interface Answer {
  readonly verdict: Verdict;
  readonly view: VerdictView;
  readonly events: readonly EpcisEvent[];
}

export async function judgeUnit(ctx: ProvenanceContext, question: Question): Promise<Answer> {
  const now = ctx.clock.now();
  let code: ReturnType<typeof readCode>;
  try {
    code = readCode(question.code, new Date(now).getUTCFullYear());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return malformed(error);
  }
  const product = await ctx.db.selectFrom('provenance.product').selectAll().where('gtin', '=', code.gtin).executeTakeFirst();
  const sites = await ctx.parties.all();
  const maker = product ? sites.find((s) => s.id === product.maker_id) : undefined;
  const unit = code.serial ? unitLink(code.gtin, code.serial) : null;
  const events = unit ? await eventsOf(ctx, unit, code.gtin, code.lot) : [];
  const verdict = judge({
    now,
    master: product ? masterOf(product.body) : null,
    parties: sites.map((s) => ({ gln: s.gln, role: s.kind, licensedForToxin: s.licensedForToxin })),
    events,
    unit: unit ?? '',
    label: { ...(code.lot ? { lot: code.lot } : {}), ...(code.expiry ? { expiry: code.expiry } : {}) },
    purpose: question.purpose,
    ...(question.region ? { region: question.region } : {}),
    ...(question.route ? { intendedRoute: question.route } : {}),
    ...(question.place ? { place: question.place } : {}),
    ...(question.procedureCommitment ? { procedureCommitment: question.procedureCommitment } : {}),
  });
  const siteOf = (link: string | undefined) => sites.find((s) => `https://id.gs1.org/414/${s.gln}` === link);
  const trail = events
    .filter((e) => ['commissioning', 'shipping', 'receiving', 'storing', 'dispensing'].includes(e.bizStep) && (unit === null || e.epcList?.includes(unit)))
    .map((e) => {
      const site = siteOf(e.bizLocation?.id ?? e.readPoint?.id);
      return { step: e.bizStep, at: e.eventTime, site: site?.name ?? null, city: site?.city ?? null, event: eventDigest(e) };
    });
  const made = events.find((e) => e.bizStep === 'commissioning');
  const view: VerdictView = {
    level: verdict.level,
    reasons: verdict.reasons.map((r) => reasonView(r, siteOf(r.by)?.name ?? null)),
    handovers: { ...verdict.handovers },
    unit,
    lot: made?.ilmd?.lotNumber ?? code.lot ?? null,
    expiry: made?.ilmd?.itemExpirationDate ?? code.expiry ?? null,
    product: product
      ? {
          gtin: product.gtin,
          name: product.body.name,
          maker: maker?.name ?? { zh: '', en: '' },
          class: product.body.class,
          registration: product.body.registration,
          approvedRoutes: product.body.approvedRoutes,
          approvedRegions: product.body.approvedRegions,
          ingredients: product.body.ingredients,
        }
      : null,
    trail,
  };
  return { verdict, view, events };
}

function masterOf(body: ProductBody) {
  const { gtin, approvedRoutes, approvedRegions, storage, singleUse, isToxin, maxAmountPerUnit, useWithinHours } = body;
  return { gtin, approvedRoutes, approvedRegions, storage, singleUse, isToxin, makerOnboarded: true, maxAmountPerUnit, useWithinHours };
}

/** All events of the unit, and those of its lot (recalls), in the order of their time. */
async function eventsOf(ctx: ProvenanceContext, unit: string, gtin: string, lot: string | undefined): Promise<EpcisEvent[]> {
  const own = await byEpc(ctx, [unit]);
  const lots = [...own.map((e) => e['zm:lot']), lot === undefined ? undefined : lotLink(gtin, lot)].filter((l): l is string => l !== undefined);
  const ofLot = lots.length > 0 ? await byEpc(ctx, [...new Set(lots)]) : [];
  return [...own, ...ofLot].sort((a, b) => Date.parse(a.eventTime) - Date.parse(b.eventTime));
}

async function byEpc(ctx: ProvenanceContext, epcs: string[]): Promise<EpcisEvent[]> {
  const rows = await ctx.db
    .selectFrom('provenance.event as e')
    .innerJoin('provenance.event_epc as x', 'x.digest', 'e.digest')
    .select('e.body')
    .where('x.epc', 'in', epcs)
    .execute();
  return rows.map((row) => row.body);
}

function reasonView(reason: Reason, by: { zh: string; en: string } | null): VerdictView['reasons'][number] {
  const text = REASONS[reason.code];
  return { code: reason.code, level: text.level, text: { zh: text.zh, en: text.en }, doNow: { zh: text.doZh, en: text.doEn }, by, at: reason.at ?? null, event: (reason.event as Hex | undefined) ?? null };
}

function malformed(error: AppError): Answer {
  const verdict: Verdict = { level: 'red', reasons: [{ code: 'MALFORMED_CODE' }], handovers: { signed: 0, total: 0 } };
  const reason = reasonView(verdict.reasons[0]!, null);
  const text = { zh: `${reason.text.zh}:${error.text('zh-CN')}`, en: `${reason.text.en}: ${error.text('en')}` };
  const view: VerdictView = { level: 'red', reasons: [{ ...reason, text }], handovers: verdict.handovers, unit: null, lot: null, expiry: null, product: null, trail: [] };
  return { verdict, view, events: [] };
}
