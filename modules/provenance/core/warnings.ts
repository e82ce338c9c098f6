/**
 * Published notices as facts of a verdict: recalls, and the features by which a product is known not to be the maker's
 * (a lot or serial number, a content that is never made, an ingredient that its label never names).
 */
import type { Hex } from '@zhenmei/kernel';
import { parseDose, sameDose } from './dose.ts';
import type { KnownParty } from './party.ts';
import type { ReasonCode } from './reasons.ts';

export interface LabelMarks {
  /** Contents that the product is never made in. */
  readonly doses: readonly string[];
  /** The only contents it is made in; any other of the same measure is impossible. Empty: nothing is said. */
  readonly onlyDoses: readonly string[];
  /** Names of ingredients that its label never bears. */
  readonly ingredients: readonly string[];
  /** The only names its label bears. Empty: nothing is said. */
  readonly onlyIngredients: readonly string[];
}

export interface Warning {
  readonly kind: 'recall' | 'counterfeit';
  readonly gtin: string;
  readonly lots: readonly string[];
  /** For a recall: these units only, if there are any. */
  readonly serials: readonly string[];
  readonly label?: LabelMarks | undefined;
  /** GLN of the maker or authority that published it. */
  readonly by: string;
  readonly at: string;
  /** Digest of the published notice. */
  readonly notice: Hex;
}

/** What the package in a person's hand says. */
export interface Package {
  readonly gtin: string | undefined;
  /** On the package, and by the records. */
  readonly lots: readonly string[];
  readonly serial: string | undefined;
  readonly dose: string | undefined;
  readonly ingredient: string | undefined;
}

export interface Warned {
  readonly code: ReasonCode;
  readonly by: string;
  readonly at: string;
  readonly notice: Hex;
}

const MAY_WARN = /^(?:|maker|manufacturer|regulator|authority)$/i;

/** Reasons that warnings give, the earliest first. Only makers and authorities warn; nobody else is listened to. */
export function warned(
  warnings: readonly Warning[],
  parties: readonly KnownParty[],
  held: Package,
): Warned[] {
  return [...warnings]
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.notice < b.notice ? -1 : 1))
    .filter(({ gtin }) => held.gtin !== undefined && gtin === held.gtin)
    .filter(({ by }) => MAY_WARN.test(parties.find(({ gln }) => gln === by)?.role ?? ''))
    .flatMap((warning) =>
      codesOf(warning, held).map((code) => ({
        code,
        by: warning.by,
        at: warning.at,
        notice: warning.notice,
      })),
    );
}

const names = (list: readonly string[], value: string | undefined): boolean =>
  value !== undefined && list.includes(value);

/** Is the unit, or its lot, one of those recalled? */
export function isRecalled({ lots, serials }: Pick<Warning, 'lots' | 'serials'>, held: Package): boolean {
  const ofLot = lots.length === 0 || held.lots.some((lot) => lots.includes(lot));
  return serials.length > 0 ? ofLot && names(serials, held.serial) : lots.length > 0 && ofLot;
}

function codesOf(warning: Warning, held: Package): ReasonCode[] {
  const { kind, lots, serials, label } = warning;
  if (kind === 'recall') return isRecalled(warning, held) ? ['RECALLED_LOT'] : [];
  return [
    ...(held.lots.some((lot) => lots.includes(lot)) || names(serials, held.serial)
      ? (['KNOWN_COUNTERFEIT'] as const)
      : []),
    ...(label && impossibleDose(label, held.dose) ? (['LABEL_DOSE_IMPOSSIBLE'] as const) : []),
    ...(label && wrongIngredient(label, held.ingredient) ? (['LABEL_INGREDIENT_WRONG'] as const) : []),
  ];
}

function impossibleDose({ doses, onlyDoses }: LabelMarks, printed: string | undefined): boolean {
  const dose = printed === undefined ? null : parseDose(printed);
  if (!dose) return false;
  const listed = (list: readonly string[]) => list.flatMap((text) => parseDose(text) ?? []);
  const only = listed(onlyDoses).filter(({ measure }) => measure === dose.measure);
  return (
    listed(doses).some((one) => sameDose(one, dose)) ||
    (only.length > 0 && !only.some((one) => sameDose(one, dose)))
  );
}

function wrongIngredient({ ingredients, onlyIngredients }: LabelMarks, printed: string | undefined): boolean {
  const name = printed === undefined ? '' : nameOf(printed);
  if (name === '') return false;
  return (
    ingredients.some((one) => nameOf(one) === name) ||
    (onlyIngredients.length > 0 && !onlyIngredients.some((one) => nameOf(one) === name))
  );
}

/** Letters and digits only, so that case, width, spaces and hyphens do not make another name. */
const nameOf = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
