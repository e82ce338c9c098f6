/** Gathers what was stated about a unit and lets the pure verdict decide. */
import type { AppError } from '@zhenmei/kernel';
import type { VerdictView } from '../api.ts';
import { type EpcisEvent, eventDigest, masterData, siteOf } from '../core/events.ts';
import type { ProductBody } from '../core/product.ts';
import { reasonTexts } from '../core/reasons.ts';
import { type Facts, judge, type Master, type Reason, type Verdict } from '../core/verdict.ts';
import type { Site } from '../ports.ts';
import type { ProvenanceContext } from './context.ts';
import { traceUnit } from './trace-unit.ts';
import { readScan } from './verdict.ts';

export interface Question {
  readonly code: string;
  readonly purpose: Facts['purpose'];
  readonly region?: string | undefined;
  readonly route?: string | undefined;
  /** Address or GLN of the site that asks. */
  readonly place?: string;
  readonly procedureCommitment?: string;
}

export interface Answer {
  readonly verdict: Verdict;
  readonly view: VerdictView;
  /** Every event the verdict was made from, by time. */
  readonly events: readonly EpcisEvent[];
}

const SHOWN = ['commissioning', 'shipping', 'receiving', 'storing', 'dispensing', 'destroying'];

export async function judgeUnit(ctx: ProvenanceContext, question: Question): Promise<Answer> {
  const now = ctx.clock.now();
  const scan = readScan(question.code, new Date(now).getUTCFullYear());
  if (scan.kind === 'malformed') return malformed(scan.error);
  const code = scan.kind === 'unit' ? scan : { unit: '', gtin: '', label: {} as Facts['label'] };
  const product = await ctx.db
    .selectFrom('provenance.product')
    .selectAll()
    .where('gtin', '=', code.gtin)
    .executeTakeFirst();
  const sites = await ctx.parties.all();
  const trace =
    code.unit === '' ? { own: [], all: [] } : await traceUnit(ctx, code.unit, code.gtin, code.label.lot);
  const openings = code.unit === '' ? undefined : (await ctx.unitUse?.openings(code.unit))?.openings;
  const verdict = judge({
    now,
    master: product ? masterOf(product.body) : null,
    parties: sites.map(({ gln, kind, licensedForToxin }) => ({ gln, role: kind, licensedForToxin })),
    events: trace.all,
    unit: code.unit,
    label: code.label,
    purpose: question.purpose,
    ...(openings === undefined ? {} : { openings }),
    ...(question.region ? { region: question.region } : {}),
    ...(question.route ? { intendedRoute: question.route } : {}),
    ...(question.place ? { place: question.place } : {}),
    ...(question.procedureCommitment ? { procedureCommitment: question.procedureCommitment } : {}),
  });
  const siteBy = (gln: string | undefined) => sites.find((site) => site.gln === gln);
  const made = trace.own.find((event) => event.bizStep === 'commissioning');
  const view: VerdictView = {
    level: verdict.level,
    reasons: verdict.reasons.map((reason) => reasonView(reason, siteBy(reason.by), verdict.handovers)),
    handovers: { ...verdict.handovers },
    unit: code.unit || null,
    lot: (made && masterData(made, 'lotNumber')) ?? code.label.lot ?? null,
    expiry: (made && masterData(made, 'itemExpirationDate')) ?? code.label.expiry ?? null,
    product: product
      ? productView(
          product.body,
          sites.find((site) => site.id === product.maker_id),
        )
      : null,
    trail: trace.own
      .filter(({ bizStep }) => SHOWN.includes(bizStep ?? ''))
      .map((event) => stop(event, siteBy(siteOf(event)))),
  };
  return { verdict, view, events: trace.all };
}

function masterOf(body: ProductBody): Master {
  const {
    gtin,
    approvedRoutes,
    approvedRegions,
    storage,
    singleUse,
    isToxin,
    maxAmountPerUnit,
    amountUnit,
    useWithinHours,
    contains,
  } = body;
  return {
    gtin,
    class: body.class,
    approvedRoutes,
    approvedRegions,
    storage,
    singleUse,
    isToxin,
    makerOnboarded: true,
    maxAmountPerUnit,
    amountUnit,
    useWithinHours,
    contains,
  };
}

function productView(body: ProductBody, maker: Site | undefined): VerdictView['product'] {
  const { gtin, name, registration, approvedRoutes, approvedRegions, ingredients } = body;
  return {
    gtin,
    name,
    maker: maker?.name ?? { zh: '', en: '' },
    class: body.class,
    registration,
    approvedRoutes,
    approvedRegions,
    ingredients,
  };
}

function stop(event: EpcisEvent, site: Site | undefined): VerdictView['trail'][number] {
  return {
    step: event.bizStep ?? event.type,
    at: event.eventTime,
    site: site?.name ?? null,
    city: site?.city ?? null,
    event: eventDigest(event),
  };
}

function reasonView(
  reason: Reason,
  by: Site | undefined,
  handovers: Verdict['handovers'],
): VerdictView['reasons'][number] {
  const { level, text, check, doNow } = reasonTexts(reason.code, handovers);
  return {
    code: reason.code,
    level,
    text,
    check,
    doNow,
    by: by?.name ?? null,
    at: reason.at ?? null,
    event: reason.event ?? null,
  };
}

function malformed(error: AppError): Answer {
  const verdict: Verdict = {
    level: 'red',
    reasons: [{ code: 'MALFORMED_CODE' }],
    handovers: { signed: 0, total: 0 },
  };
  const reason = reasonView({ code: 'MALFORMED_CODE' }, undefined, verdict.handovers);
  const text = {
    zh: `${reason.text.zh}：${error.text('zh-CN')}`,
    en: `${reason.text.en}: ${error.text('en')}`,
  };
  const view: VerdictView = {
    level: 'red',
    reasons: [{ ...reason, text }],
    handovers: verdict.handovers,
    unit: null,
    lot: null,
    expiry: null,
    product: null,
    trail: [],
  };
  return { verdict, view, events: [] };
}
