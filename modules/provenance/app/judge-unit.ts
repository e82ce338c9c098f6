/** Gathers what was stated about a unit and lets the pure verdict decide. */
import type { AppError } from '@zhenmei/kernel';
import type { VerdictView } from '../api.ts';
import { type EpcisEvent, eventDigest, masterData, siteOf } from '../core/events.ts';
import { masterOf } from '../core/master.ts';
import { inForce, noticeDigest, type SignedNotice, warningOf } from '../core/notice.ts';
import type { ProductBody } from '../core/product.ts';
import { reasonTexts } from '../core/reasons.ts';
import { type Facts, judge, type Reason, type Verdict } from '../core/verdict.ts';
import type { Site } from '../ports.ts';
import type { ProvenanceContext } from './context.ts';
import { knownParty } from './known-party.ts';
import { noticesOf } from './notices-of.ts';
import { signaturesOf } from './supply/signatures-of.ts';
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
  /** Content and ingredient as a person reads them on the label. */
  readonly dose?: string | undefined;
  readonly ingredient?: string | undefined;
}

export interface Answer {
  readonly verdict: Verdict;
  readonly view: VerdictView;
  /** Every event the verdict was made from, by time. */
  readonly events: readonly EpcisEvent[];
  /** By the registry on chain; undefined if it was not asked or does not know the unit. */
  readonly openings?: number;
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
  const notices = code.gtin === '' ? [] : inForce(await noticesOf(ctx, code.gtin));
  const verdict = judge({
    now,
    master: product ? masterOf(product.body) : null,
    parties: sites.map(knownParty),
    events: trace.all,
    warnings: notices.map(warningOf),
    signatures: await signaturesOf(ctx, trace.all.map(eventDigest)),
    unit: code.unit,
    ...(code.gtin === '' ? {} : { gtin: code.gtin }),
    label: {
      ...code.label,
      ...(question.dose ? { dose: question.dose } : {}),
      ...(question.ingredient ? { ingredient: question.ingredient } : {}),
    },
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
    reasons: verdict.reasons.map((reason) =>
      reasonView(reason, siteBy(reason.by), verdict.handovers, notices),
    ),
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
  return { verdict, view, events: trace.all, ...(openings === undefined ? {} : { openings }) };
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
    gln: site?.gln ?? null,
    kind: site?.kind ?? null,
    event: eventDigest(event),
  };
}

function reasonView(
  reason: Reason,
  by: Site | undefined,
  handovers: Verdict['handovers'],
  notices: readonly SignedNotice[] = [],
): VerdictView['reasons'][number] {
  const { level, text, check, doNow } = reasonTexts(reason.code, handovers);
  const published = notices.find((one) => noticeDigest(one) === reason.notice)?.notice;
  return {
    code: reason.code,
    level,
    text,
    check,
    doNow,
    by: by?.name ?? null,
    at: reason.at ?? null,
    event: reason.event ?? null,
    notice: published
      ? { id: published.id, digest: reason.notice!, reason: published.reason, doNow: published.doNow }
      : null,
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
