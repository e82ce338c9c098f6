/** The verdict on facts that come as one JSON document: what `zhenmei provenance verdict` and other systems use. */
import { canonicalLink, faultError, lotLink, productCode, type Reading, read, unitLink } from '@zhenmei/gs1';
import { AppError, fromIso, type Json } from '@zhenmei/kernel';
import { isObject } from '../core/checks.ts';
import { withContext, ZM } from '../core/context.ts';
import { HOUSE } from '../core/document.ts';
import '../core/errors.ts';
import { type EpcisEvent, glnOf } from '../core/events.ts';
import { FactsBody } from '../core/facts-body.ts';
import { withIlmdNames } from '../core/ilmd-names.ts';
import { type ReasonCode, reasonTexts } from '../core/reasons.ts';
import { type Facts, judge, type Reason, type Verdict } from '../core/verdict.ts';
import { normalised } from './epcis.ts';

/** What a code tells the verdict: the unit, its label, or why it tells nothing. */
export type Scan =
  | { readonly kind: 'unit'; readonly unit: string; readonly label: Facts['label']; readonly gtin: string }
  | { readonly kind: 'malformed'; readonly error: AppError }
  | { readonly kind: 'unjudgeable' };

/** @param year the present year */
export function readScan(code: string, year: number): Scan {
  const result = read(code, { year });
  if (!result.ok) return { kind: 'malformed', error: faultError(result.fault) };
  return scanOf(result.reading, year);
}

function scanOf(reading: Reading, year: number): Scan {
  const product = productCode(reading, year);
  if (!product) return { kind: 'unjudgeable' };
  const { gtin, serial, lot, expiry } = product;
  return {
    kind: 'unit',
    gtin,
    unit: serial === undefined ? '' : unitLink(gtin, serial),
    label: { ...(lot === undefined ? {} : { lot }), ...(expiry === undefined ? {} : { expiry }) },
  };
}

export interface VerdictReasonView {
  readonly code: ReasonCode;
  readonly level: string;
  readonly zh: string;
  readonly en: string;
  /** GLN of the site that stated it. */
  readonly by: string | null;
  readonly at: string | null;
  /** Digest of the event that says so. */
  readonly event: string | null;
  /** Digest of the published notice that says so. */
  readonly notice?: string;
  readonly check: { readonly zh: string; readonly en: string };
  readonly doNow: { readonly zh: string; readonly en: string };
}

export interface VerdictAnswer {
  readonly level: string;
  readonly reasons: readonly VerdictReasonView[];
  readonly handovers: { readonly signed: number; readonly total: number };
}

/** @param body `{now, master, parties, events, warnings, scan}`. Throws FACTS_INVALID with the path. */
export function verdict(body: unknown): VerdictAnswer {
  const parsed = FactsBody.safeParse(body);
  if (!parsed.success)
    throw new AppError('FACTS_INVALID', { path: `/${parsed.error.issues[0]?.path.join('/') ?? ''}` });
  const { now: given, master, parties, events, signatures, warnings, scan } = parsed.data;
  const now = typeof given === 'number' ? given : fromIso(given);
  const zone = typeof given === 'number' ? undefined : /[+-]\d{2}:\d{2}$/.exec(given)?.[0];
  const year = new Date(now).getUTCFullYear();
  const code = readScan(scan.code, year);
  if (code.kind === 'malformed')
    return view({ level: 'red', reasons: [{ code: 'MALFORMED_CODE' }], handovers: { signed: 0, total: 0 } });
  const inner = scan.innerCode === undefined ? undefined : innerOf(scan.innerCode, year);
  return view(
    judge({
      now,
      ...(zone === undefined ? {} : { zone }),
      master: master ? { ...master, storage: master.storage ?? ANY_TEMPERATURE } : null,
      parties: parties.map((party) => ({ ...party, gln: glnOf(canonicalLink(party.gln) ?? party.gln)! })),
      events: events.map(eventOf),
      warnings: warnings.map((warning) => ({
        ...warning,
        by: glnOf(canonicalLink(warning.by) ?? warning.by)!,
      })),
      ...(signatures === undefined ? {} : { signatures }),
      unit: code.kind === 'unit' ? code.unit : '',
      ...(code.kind === 'unit' ? { gtin: code.gtin } : {}),
      label: {
        ...(code.kind === 'unit' ? code.label : {}),
        ...(scan.dose === undefined ? {} : { dose: scan.dose }),
        ...(scan.ingredient === undefined ? {} : { ingredient: scan.ingredient }),
      },
      purpose: scan.purpose,
      ...(scan.place === undefined ? {} : { place: canonicalLink(scan.place) ?? scan.place }),
      ...(scan.procedureCommitment === undefined ? {} : { procedureCommitment: scan.procedureCommitment }),
      ...(scan.intendedRoute === undefined ? {} : { intendedRoute: scan.intendedRoute }),
      ...(scan.region === undefined ? {} : { region: scan.region }),
      ...(inner === undefined ? {} : { inner }),
    }),
  );
}

const ANY_TEMPERATURE = { minC: Number.NEGATIVE_INFINITY, maxC: Number.POSITIVE_INFINITY, maxMinutesOut: 0 };

function eventOf(given: Json): EpcisEvent {
  const named = withIlmdNames(given);
  if (!isObject(named)) throw new AppError('FACTS_INVALID', { path: '/events' });
  // the house's own terms keep their short names here, whatever namespace a document gives the prefix
  const { '@context': context, ...event } = named;
  return normalised(event, { ...withContext(HOUSE, context), zm: ZM });
}

function innerOf(code: string, year: number): string {
  const scan = readScan(code, year);
  if (scan.kind === 'unit' && scan.unit !== '') return scan.unit;
  return scan.kind === 'unit' ? lotLink(scan.gtin, scan.label.lot ?? '-') : 'unreadable';
}

function view({ level, reasons, handovers }: Verdict): VerdictAnswer {
  return { level, reasons: reasons.map((reason) => reasonView(reason, handovers)), handovers };
}

function reasonView(
  { code, by, at, event, notice }: Reason,
  handovers: Verdict['handovers'],
): VerdictReasonView {
  const { level, text, check, doNow } = reasonTexts(code, handovers);
  return {
    code,
    level,
    ...text,
    by: by ?? null,
    at: at ?? null,
    event: event ?? null,
    ...(notice === undefined ? {} : { notice }),
    check,
    doNow,
  };
}
