/** Mainland China: who may stand behind a clinic's promise about an outcome. */
import type { Requirement } from '../core/pack.ts';

const BACK = ['guarantee.back'];

export const CN_GUARANTEE: readonly Requirement[] = [
  {
    id: 'guarantee-pool-off',
    actions: BACK,
    require: { is: 'one-of', fact: 'cover.profile', values: ['promise', 'insurer'] },
    reason: {
      zh: '本地区不允许用多方出资的资金池为效果兜底，这种业务只能由持牌公司经营。',
      en: 'In this region no pool of several lenders may stand behind an outcome; only a licensed company may.',
    },
    next: {
      zh: '可以用机构自己的保障金，或由持牌公司承保。',
      en: 'Use the clinic’s own bond, or a licensed company.',
    },
    source: '保险法 第六条',
  },
  {
    id: 'insurer-licensed',
    actions: BACK,
    when: [{ is: 'equal', fact: 'cover.profile', value: 'insurer' }],
    require: { is: 'true', fact: 'insurer.licensed' },
    reason: {
      zh: '这家公司没有登记为持牌保险公司。',
      en: 'This company is not entered as a licensed insurance company.',
    },
    next: {
      zh: '请选择已登记的保险公司，或用机构自己的保障金。',
      en: 'Choose an insurance company that is entered, or the clinic’s own bond.',
    },
    source: '保险法 第六条',
  },
];
