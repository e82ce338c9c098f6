/** How the terminal says what the verifier found. */
import { PARTS, type PartName } from '@zhenmei/care/core/receipt.ts';
import { REASONS } from '@zhenmei/provenance/core/reasons.ts';
import { ERASED } from '@zhenmei/vault/core/erasure/certificate.ts';
import type { CertificateVerification } from '@zhenmei/verifier/certificate.ts';
import type { ErasureVerification } from '@zhenmei/verifier/erasure.ts';
import type { ProofResult } from '@zhenmei/verifier/result.ts';
import type { Verification } from '@zhenmei/verifier/verify-receipt.ts';
import { UNIT_PARTS, type UnitPart, type UnitVerification } from '@zhenmei/verifier/verify-unit.ts';

type Lang = 'zh' | 'en';

const NAMES: Record<PartName | UnitPart, { zh: string; en: string }> = {
  licence: { zh: '资质', en: 'licence' },
  product: { zh: '产品', en: 'product' },
  consent: { zh: '同意', en: 'consent' },
  money: { zh: '款项', en: 'money' },
  review: { zh: '评价', en: 'review' },
  file: { zh: '文件', en: 'file' },
  log: { zh: '日志', en: 'log' },
  events: { zh: '记录', en: 'events' },
  lot: { zh: '批次', en: 'lot' },
  registry: { zh: '启用', en: 'registry' },
  approval: { zh: '批准', en: 'approval' },
  notices: { zh: '公告', en: 'notices' },
};
const VERDICTS = {
  proven: { zh: '成立    ', en: 'proven       ' },
  false: { zh: '不成立  ', en: 'false        ' },
  'cannot-judge': { zh: '无法判断', en: 'cannot judge ' },
} as const;
const GRADES: Partial<Record<NonNullable<ProofResult['grade']>, { zh: string; en: string }>> = {
  'operator-only': { zh: '（仅由运营者作证）', en: ' (vouched for by the operator only)' },
  'own-node': { zh: '（由你选的节点确认）', en: ' (confirmed by the node you chose)' },
};
const LEVELS = {
  green: { zh: '没有发现矛盾', en: 'no contradiction found' },
  amber: { zh: '需要留意', en: 'take care' },
  red: { zh: '不要使用', en: 'do not use it' },
  grey: { zh: '无法判断', en: 'cannot be judged' },
} as const;

function line(
  name: PartName | UnitPart,
  { verdict, message, grade, place }: ProofResult,
  lang: Lang,
): string {
  const at = place ? ` [${place}]` : '';
  const by = (grade && GRADES[grade]?.[lang]) ?? '';
  return `${NAMES[name][lang].padEnd(9)}${VERDICTS[verdict][lang]} ${message[lang]}${by}${at}\n`;
}

export const receiptLines = ({ proofs }: Verification, lang: Lang): string =>
  PARTS.map((name) => line(name, proofs[name], lang)).join('');

export function unitLines({ proofs, verdict, unit }: UnitVerification, lang: Lang): string {
  const parts = UNIT_PARTS.map((name) => line(name, proofs[name], lang)).join('');
  if (!verdict) return parts;
  const reasons = verdict.reasons.map(({ code }) => code).join(', ');
  const advice = REASONS[verdict.reasons[0]!.code];
  return `${parts}${unit ?? ''}\n${LEVELS[verdict.level][lang]} (${reasons})\n${lang === 'zh' ? advice.doZh : advice.doEn}\n`;
}

export function certificateLines({ proof, use }: CertificateVerification, lang: Lang): string {
  const first = `${VERDICTS[proof.verdict][lang]} ${proof.message[lang]}\n`;
  if (!use || proof.verdict !== 'proven') return first;
  const { unit, gln, at, amount, amountUnit } = use;
  const when = new Date(at).toISOString();
  return lang === 'zh'
    ? `${first}${unit}\n由 GLN ${gln} 在 ${when} 启用 ${amount} ${amountUnit}\n`
    : `${first}${unit}\nopened by GLN ${gln} at ${when}, ${amount} ${amountUnit}\n`;
}

export function erasureLines({ proof, certificate }: ErasureVerification, lang: Lang): string {
  const first = `${VERDICTS[proof.verdict][lang]} ${proof.message[lang]}\n`;
  if (!certificate) return first;
  const zh = lang === 'zh';
  const erased = certificate.erased.map(({ what, count }) => `  ${ERASED[what][lang]} × ${count}\n`);
  const kept = certificate.kept.map((rule) => {
    const { what, because, source, until, days } = rule;
    const end =
      until ?? (days === null ? (zh ? '无期限' : 'without end') : zh ? `${days} 天` : `${days} days`);
    return `  ${what[lang]}: ${because[lang]} [${rule.rule}; ${source}; ${end}]\n`;
  });
  return [
    first,
    `${certificate.doneAt} (${certificate.scope})\n`,
    zh ? '已销毁：\n' : 'erased:\n',
    ...erased,
    zh ? '仍保留：\n' : 'kept:\n',
    ...kept,
  ].join('');
}
