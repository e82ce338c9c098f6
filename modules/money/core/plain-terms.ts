/**
 * The terms of an agreement in plain words: what happens to your money on each date. Made from the terms alone, and
 * `parseTerms(renderTerms(terms)) = terms`: nothing that binds is left out, and nothing is said that does not bind.
 */
import type { Hex } from '@zhenmei/kernel';
import { partyOf } from './escrow-account.ts';
import { SENTENCES, type SentenceName } from './plain-sentences.ts';
import type { Lang } from './plain-values.ts';
import { longestWayOut } from './ways-out.ts';

/** JSON form of the contract's `Terms`; times in seconds, amounts and the review commitment as decimal text. */
export interface PlainTerms {
  readonly patient: Hex;
  readonly clinic: Hex;
  readonly token: Hex;
  readonly arbiter: Hex;
  readonly feeTo: Hex;
  readonly payout: Hex;
  readonly standard: Hex;
  readonly quote: Hex;
  readonly review: string;
  readonly openBy: number;
  readonly coolingOff: number;
  readonly arbiterWindow: number;
  readonly feeBps: number;
  readonly defaultSplitBps: number;
  readonly schedule: readonly { readonly before: number; readonly bps: number }[];
  readonly milestones: readonly {
    readonly amount: string;
    readonly dueBy: number;
    readonly window: number;
    readonly performed: boolean;
  }[];
  readonly salt: Hex;
}

/** `summary` is for everybody; `numbers` is what a machine needs to find the same agreement. */
export interface PlainText {
  readonly summary: readonly string[];
  readonly numbers: readonly string[];
}

const NUMBERS = [
  'patient',
  'clinic',
  'token',
  'arbiter',
  'feeTo',
  'payout',
  'standard',
  'quote',
  'review',
  'salt',
] as const;

/** Sentences write amounts in yuan; prices in another currency have its sign. */
const YUAN = '¥';
const SIGNS: Readonly<Record<string, string>> = { CNY: YUAN, HKD: 'HK$', SGD: 'S$', EUR: '€', USD: 'US$' };
const signOf = (currency: string): string => SIGNS[currency] ?? `${currency} `;

type Milestone = PlainTerms['milestones'][number];
interface Series {
  readonly n: number;
  readonly m: number;
  readonly step: number;
}
/** As many as the contract takes. */
const MOST_PARTS = 16;

/** Sessions of a course that differ by their date alone, at equal distances, are said in one sentence. */
function runsOf(milestones: readonly Milestone[]): { from: number; to: number; step: number }[] {
  const runs: { from: number; to: number; step: number }[] = [];
  for (let from = 0; from < milestones.length; ) {
    const first = milestones[from]!;
    const second = milestones[from + 1];
    const step = (second?.dueBy ?? 0) - first.dueBy;
    const goesOn = (m: Milestone | undefined, i: number) =>
      m !== undefined &&
      i < MOST_PARTS &&
      step > 0 &&
      m.performed &&
      first.performed &&
      m.amount === first.amount &&
      m.window === first.window &&
      m.dueBy === first.dueBy + (i - from) * step;
    let to = from;
    while (goesOn(milestones[to + 1], to + 1)) to++;
    runs.push({ from, to, step });
    from = to + 1;
  }
  return runs;
}

/** Money goes back to an account that is not the patient's: to the book of the loan that paid. */
function isLent({ payout, patient }: PlainTerms): boolean {
  const party = partyOf(payout);
  return party !== payout && party !== patient.toLowerCase();
}

/** With one part the dates of cancelling are known, and what it costs then; with several they are the present part's. */
const isDated = ({ milestones, schedule }: PlainTerms): boolean =>
  milestones.length === 1 && schedule.length > 0 && schedule.every(({ before }) => before > 0);

function cancelling(
  terms: PlainTerms,
  say: (name: SentenceName, values: object) => string,
): readonly string[] {
  const { schedule, milestones } = terms;
  if (schedule.length === 0) return [say('cancelFree', {})];
  if (!isDated(terms)) return [say('cancelFirst', {}), ...schedule.map((step) => say('cancelStep', step))];
  const { amount, dueBy } = milestones[0]!;
  const steps = schedule.map(({ before, bps }) => ({
    after: dueBy - before,
    bps,
    kept: ((BigInt(amount) * BigInt(bps)) / 10_000n).toString(),
  }));
  return [say('cancelUntil', { until: steps[0]!.after }), ...steps.map((step) => say('cancelAfter', step))];
}

/**
 * @param lang terms say the same in both languages, sentence by sentence
 * @param absences false on a ledger whose escrow takes no reports of absence
 * @param currency ISO 4217: of the price
 */
export function renderTerms(
  terms: PlainTerms,
  lang: Lang,
  { absences = true, currency = 'CNY' } = {},
): PlainText {
  const say = (name: SentenceName, values: object) =>
    SENTENCES[lang][name].write(values as never).replaceAll(YUAN, signOf(currency));
  const { milestones, schedule, openBy, coolingOff, arbiterWindow, feeBps, defaultSplitBps } = terms;
  const total = milestones.reduce((sum, m) => sum + BigInt(m.amount), 0n).toString();
  const last = milestones.at(-1)!;
  return {
    summary: [
      say('pay', { total, openBy }),
      say('cooling', { coolingOff }),
      ...cancelling(terms, say),
      ...runsOf(milestones).map(({ from, to, step }) => {
        const first = milestones[from]!;
        if (to > from) return say('series', { n: from + 1, m: to + 1, step, ...first });
        return say(first.performed ? 'performed' : 'part', { n: from + 1, ...first });
      }),
      say(feeBps === 0 ? 'noFee' : 'fee', { feeBps }),
      say('expire', {}),
      ...(absences && milestones.some(({ performed }) => performed)
        ? [say(schedule.length === 0 ? 'absentPatientFree' : 'absentPatient', {}), say('absentClinic', {})]
        : []),
      say('dispute', { arbiterWindow, defaultSplitBps }),
      say('longest', { end: openBy + longestWayOut(terms, openBy), after: last.dueBy }),
      ...(isLent(terms) ? [say('byLoan', {})] : []),
    ],
    numbers: NUMBERS.map((name) => say(name, { value: terms[name] })),
  };
}

/** The terms that these sentences say, or null if a sentence is missing, double, altered or out of place. */
export function parseTerms({ summary, numbers }: PlainText, lang: Lang, currency = 'CNY'): PlainTerms | null {
  const given = [...summary, ...numbers];
  const lines = given.map((line) => line.replaceAll(signOf(currency), YUAN));
  let at = 0;
  const next = (name: SentenceName): Record<string, never> | null => {
    const line = lines[at];
    const found = line === undefined ? null : SENTENCES[lang][name].read(line);
    if (found) at++;
    return found as Record<string, never> | null;
  };
  const pay = next('pay');
  const cooling = next('cooling');
  const free = next('cancelFree');
  const until = free ? null : next('cancelUntil');
  const first = free || until ? null : next('cancelFirst');
  const steps: Record<string, never>[] = [];
  const name = until ? 'cancelAfter' : 'cancelStep';
  for (let step = next(name); step; step = next(name)) steps.push(step);
  const milestones: PlainTerms['milestones'][number][] = [];
  for (;;) {
    const series = next('series') as unknown as (Series & Omit<Milestone, 'performed'>) | null;
    if (series) {
      const { n, m, step, dueBy, amount, window } = series;
      if (n !== milestones.length + 1 || m <= n || m > MOST_PARTS) return null;
      for (let i = 0; i <= m - n; i++)
        milestones.push({ amount, dueBy: dueBy + i * step, window, performed: true });
      continue;
    }
    const performed = next('performed');
    const found = performed ?? next('part');
    if (!found) break;
    const { n, ...m } = found as unknown as { n: number } & PlainTerms['milestones'][number];
    if (n !== milestones.length + 1) return null;
    milestones.push({ ...m, performed: performed !== null });
  }
  const noFee = next('noFee');
  const fee = noFee ? { feeBps: 0 } : next('fee');
  const expire = next('expire');
  const absences = (next('absentPatientFree') ?? next('absentPatient')) !== null;
  next('absentClinic');
  const rest = [expire, next('dispute'), next('longest')];
  next('byLoan');
  const named = NUMBERS.map((name) => [name, next(name)?.value] as const);
  if (!pay || !cooling || !(free || first || until) || !fee || at !== lines.length) return null;
  if (rest.includes(null) || named.some(([, value]) => value === undefined)) return null;
  const terms = {
    ...Object.fromEntries(named),
    openBy: pay.openBy,
    coolingOff: cooling.coolingOff,
    arbiterWindow: rest[1]!.arbiterWindow,
    feeBps: fee.feeBps,
    defaultSplitBps: rest[1]!.defaultSplitBps,
    schedule: steps.map(({ before, after, bps }) => ({
      before: until ? (milestones[0]?.dueBy ?? 0) - Number(after) : before,
      bps,
    })),
    milestones,
  } as unknown as PlainTerms;
  // sums and ends that are said must be those that follow from the rest
  if (milestones.length === 0) return null;
  const again = renderTerms(terms, lang, { absences, currency });
  const said = [...again.summary, ...again.numbers];
  const same = said.length === given.length && said.every((line, i) => line === given[i]);
  return same ? terms : null;
}
