/** A breach, or a drill of one: the clocks that it starts and the notice to the people, in both languages. */
import { defineErrors, fromIso, HOUR, toIso } from '@zhenmei/kernel';

defineErrors({
  BREACH_PERIOD: {
    status: 422,
    retryable: false,
    zh: '时间段不正确：结束必须晚于开始，且不能在将来。',
    en: 'The period is wrong: it must end after it begins, and not in the future.',
  },
  BREACH_NOT_YOURS: {
    status: 403,
    retryable: false,
    zh: '只有这个地区的监管机构可以查，而且只能查本地区的机构。请改用监管机构的账号，或换一个机构。',
    en: 'Only the regulator of this region may ask, and only about organisations of the region. Use the regulator’s desk, or choose another organisation.',
  },
  BREACH_OTHER: {
    status: 409,
    retryable: false,
    zh: '这个编号已用于另一次事件或演习。请换一个编号。',
    en: 'This number belongs to another breach or drill. Use a new one.',
  },
});

/** As a region's rules state it. */
export interface DeadlineRule {
  /** Pack, version and rule. */
  readonly rule: string;
  /** Null: at once. */
  readonly hours: number | null;
  readonly to: 'authority' | 'person';
  readonly what: { readonly zh: string; readonly en: string };
  readonly source: string;
}

export interface StartedClock extends DeadlineRule {
  readonly dueAt: string;
}

/** @param known milliseconds since the epoch at which it became known: from then the clocks run */
export const startClocks = (rules: readonly DeadlineRule[], known: number): StartedClock[] =>
  rules.map((rule) => ({ ...rule, dueAt: toIso(known + (rule.hours ?? 0) * HOUR) }));

export interface Breach {
  readonly drill: boolean;
  readonly from: string;
  readonly to: string;
  /** Vaults in which something was opened then. */
  readonly people: number;
  readonly openings: number;
}

const MARK = { zh: '【演习，并未发生】', en: '[DRILL: this did not happen] ' } as const;

/** "2026-11-25 16:00": people in several places read one notice, so the zone is named beside it. */
const minute = (iso: string): string => toIso(fromIso(iso)).slice(0, 16).replace('T', ' ');

/** What the people are told. A drill says so in its first words and in its last. */
export function draftNotice({ drill, from, to, people, openings }: Breach): { zh: string; en: string } {
  const zh = [
    `在 ${minute(from)} 至 ${minute(to)}（世界协调时）之间，有人可能未经许可使用了机构的设备打开资料。`,
    `涉及 ${people} 个保险箱、${openings} 次打开。哪些资料被打开，请在你的“访问记录”里查看；平台看不到内容。`,
    '没有被打开的资料仍然加密，没有泄露。我们已停用相关设备。',
    '你可以收回授权、限制或销毁资料，也可以换一把钥匙。有疑问请联系我们。',
  ].join('');
  const en = [
    `Between ${minute(from)} and ${minute(to)} (UTC) somebody may have used an organisation’s device without leave to open records. `,
    `It concerns ${people} vaults and ${openings} openings. Which of your files were opened stands in your access log; the platform cannot read them. `,
    'What was not opened is still encrypted and did not leak. The devices in question were switched off. ',
    'You can take permissions back, restrict or erase files, or renew your keys. Please contact us with any question.',
  ].join('');
  return drill ? { zh: `${MARK.zh}${zh}${MARK.zh}`, en: `${MARK.en}${en} ${MARK.en.trim()}` } : { zh, en };
}
