/**
 * The one choke point for rules by region (law 5). Deny by default (law 6): an action that no requirement
 * of the pack mentions is refused; a fact that is missing is "ask", not "no".
 */
import type { Condition, PolicyPack, Requirement } from './pack.ts';

export type Fact = string | number | boolean | null | readonly string[];
export type Facts = Readonly<Record<string, Fact | undefined>>;

export interface PolicyReason {
  readonly pack: string;
  readonly version: string;
  readonly rule: string;
  readonly reason: { readonly zh: string; readonly en: string };
  readonly next: { readonly zh: string; readonly en: string };
}

export type PolicyDecision =
  | { readonly outcome: 'allow'; readonly reasons: readonly [] }
  | { readonly outcome: 'ask' | 'refuse'; readonly reasons: readonly PolicyReason[] };

type Truth = boolean | 'unknown';

/**
 * Decides whether `action` may happen. Several packs combine by the stricter answer.
 * @param at milliseconds since the epoch: a pack outside its period refuses everything
 */
export function decide(
  packs: readonly PolicyPack[],
  action: string,
  facts: Facts,
  at: number,
): PolicyDecision {
  const refused: PolicyReason[] = [];
  const asked: PolicyReason[] = [];
  for (const pack of packs) {
    const rules = pack.requirements.filter((rule) => rule.actions.includes(action));
    if (!inForce(pack, at)) refused.push(noRule(pack, 'pack-not-in-force'));
    else if (rules.length === 0) refused.push(noRule(pack, 'no-rule-for-action'));
    const listed: Listed = rules.some(ofProcedure) ? asListed(pack, facts) : { facts };
    if (listed.refused) refused.push(listed.refused);
    if (listed.unknown) asked.push(listed.unknown);
    for (const rule of rules) {
      const answer = judge(rule, listed.facts);
      if (answer === false) refused.push(because(pack, rule));
      else if (answer === 'unknown') asked.push(because(pack, rule));
    }
  }
  if (packs.length === 0) return { outcome: 'refuse', reasons: [] };
  if (refused.length > 0) return { outcome: 'refuse', reasons: refused };
  if (asked.length > 0) return { outcome: 'ask', reasons: asked };
  return { outcome: 'allow', reasons: [] };
}

interface Listed {
  readonly facts: Facts;
  readonly refused?: PolicyReason;
  readonly unknown?: PolicyReason;
}

/** Goods and devices are taken in without any procedure; the catalogue is asked where one is spoken of. */
const ofProcedure = ({ when = [], require }: Requirement): boolean =>
  [...when, require].some(({ fact }) => fact.startsWith('procedure.'));

/** A clinic cannot call a rhinoplasty a facial: what the region's catalogue says of a procedure counts. */
function asListed(pack: PolicyPack, facts: Facts): Listed {
  const code = facts['procedure.code'];
  if (!pack.procedures) return { facts };
  if (typeof code !== 'string') return { facts, unknown: reasonOf(pack, 'procedure-listed', NOT_LISTED) };
  const listed = Object.hasOwn(pack.procedures, code) ? pack.procedures[code] : undefined;
  if (!listed) return { facts, refused: reasonOf(pack, 'procedure-listed', NOT_LISTED) };
  const { department, specialty, needsLead, usesProduct, grade } = listed;
  const truth: Facts = {
    'procedure.department': department,
    'procedure.specialty': specialty,
    'procedure.needsLead': needsLead,
    'procedure.usesProduct': usesProduct,
    ...(grade === undefined ? {} : { 'procedure.grade': grade }),
  };
  const differs = Object.entries(truth).some(
    ([name, value]) => facts[name] !== undefined && facts[name] !== value,
  );
  const told = { ...facts, ...truth };
  return differs
    ? { facts: told, refused: reasonOf(pack, 'procedure-as-listed', AS_LISTED) }
    : { facts: told };
}

const NOT_LISTED = {
  reason: {
    zh: '这个项目不在该地区的医疗美容项目目录里。',
    en: 'This procedure is not in the region’s catalogue of aesthetic procedures.',
  },
  next: { zh: '请从目录里选择项目。', en: 'Choose a procedure of the catalogue.' },
};
const AS_LISTED = {
  reason: {
    zh: '这个项目的科目、专业或要求与该地区的目录不一致。',
    en: 'Department, specialty or conditions of this procedure differ from the region’s catalogue.',
  },
  next: { zh: '请按目录填写。', en: 'State them as the catalogue does.' },
};

function reasonOf(pack: PolicyPack, rule: string, text: Pick<PolicyReason, 'reason' | 'next'>): PolicyReason {
  return { pack: pack.id, version: pack.version, rule, ...text };
}

function inForce(pack: PolicyPack, at: number): boolean {
  return at >= Date.parse(pack.effectiveFrom) && (!pack.effectiveTo || at < Date.parse(pack.effectiveTo));
}

function judge(rule: Requirement, facts: Facts): Truth {
  for (const condition of rule.when ?? []) {
    const applies = test(condition, facts);
    if (applies === false) return true;
    if (applies === 'unknown') return 'unknown';
  }
  return test(rule.require, facts);
}

function test(condition: Condition, facts: Facts): Truth {
  const value = facts[condition.fact];
  if (value === undefined || value === null) return 'unknown';
  switch (condition.is) {
    case 'true':
      return value === true;
    case 'equal':
      return value === condition.value;
    case 'one-of':
      return condition.values.some((v) => v === value);
    case 'member': {
      const set = facts[condition.of];
      if (set === undefined || set === null) return 'unknown';
      return Array.isArray(set) && typeof value === 'string' && set.includes(value);
    }
    case 'at-least':
      return typeof value === 'number' && value >= condition.value;
    case 'at-most':
      return typeof value === 'number' && value <= condition.value;
  }
}

function because(pack: PolicyPack, rule: Requirement): PolicyReason {
  return { pack: pack.id, version: pack.version, rule: rule.id, reason: rule.reason, next: rule.next };
}

function noRule(pack: PolicyPack, rule: string): PolicyReason {
  return {
    pack: pack.id,
    version: pack.version,
    rule,
    reason: {
      zh: '该地区的规则没有写明可以这样做，因此默认不允许。',
      en: 'The rules of this region do not say that this is allowed, so it is refused by default.',
    },
    next: { zh: '请联系平台，说明你想做的事。', en: 'Tell the platform what you wanted to do.' },
  };
}
