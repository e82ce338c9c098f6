/** Mainland China: what a clinic may keep of a price when the patient cancels. */
import type { Requirement } from '../core/pack.ts';

const ACTIONS = ['price.cancellation'];

export const CN_CANCELLATION: readonly Requirement[] = [
  {
    id: 'cancellation-share',
    actions: ACTIONS,
    require: { is: 'at-most', fact: 'cancellation.bps', value: 2_000 },
    reason: {
      zh: '取消时机构最多留下 20%。',
      en: 'Of a visit that is cancelled a clinic may keep 20 % at most.',
    },
    next: { zh: '请把比例降到 20 以下。', en: 'Lower the share to 20 or less.' },
    source: '民法典 第五百八十五条、第五百八十六条；法释〔2025〕4号（2025 年 5 月 1 日施行）',
  },
  {
    id: 'cancellation-hours',
    actions: ACTIONS,
    require: { is: 'at-most', fact: 'cancellation.hours', value: 168 },
    reason: {
      zh: '离预约还有七天以上，取消不得扣款。',
      en: 'More than seven days before an appointment nothing may be kept.',
    },
    next: { zh: '请改成 168 小时以内。', en: 'Set it to 168 hours or fewer.' },
    source: '消费者权益保护法 第二十六条',
  },
];
