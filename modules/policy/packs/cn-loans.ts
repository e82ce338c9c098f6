/** Mainland China: consumer loans for treatments. */
import type { Requirement } from '../core/pack.ts';

const BOTH = ['loan.ask', 'loan.offer'];
const INITIATIVE = '中国互联网金融协会 2021-06-09 关于规范医疗美容相关金融和广告活动的倡议';

export const CN_LOANS: readonly Requirement[] = [
  {
    id: 'borrower-age',
    actions: BOTH,
    require: { is: 'true', fact: 'borrower.age20' },
    reason: { zh: '未满 20 周岁不提供分期。', en: 'Instalments are not offered below the age of 20.' },
    next: { zh: '请一次付清，或由监护人决定。', en: 'Pay at once, or let a guardian decide.' },
    source: INITIATIVE,
  },
  {
    id: 'borrower-no-student',
    actions: BOTH,
    require: { is: 'equal', fact: 'borrower.student', value: false },
    reason: { zh: '不向在校学生提供分期。', en: 'Instalments are not offered to students.' },
    next: { zh: '请一次付清。', en: 'Pay at once.' },
    source: `${INITIATIVE}；银保监办发〔2021〕28号`,
  },
  {
    id: 'borrower-one-loan',
    actions: BOTH,
    require: { is: 'at-most', fact: 'borrower.openLoans', value: 0 },
    reason: { zh: '已有一笔没还清的分期。', en: 'Another plan is still open.' },
    next: { zh: '请先还清上一笔。', en: 'Pay the other one off first.' },
    source: INITIATIVE,
  },
  {
    id: 'borrower-affordable',
    actions: ['loan.offer'],
    require: { is: 'true', fact: 'borrower.affordable' },
    reason: {
      zh: '出借机构没有确认还款能力。',
      en: 'The lender did not attest that the borrower can afford it.',
    },
    next: { zh: '请先评估还款能力再提交。', en: 'Assess what the borrower can afford, then offer.' },
    source: INITIATIVE,
  },
  {
    id: 'lender-licensed',
    actions: ['loan.offer'],
    require: { is: 'true', fact: 'lender.licensed' },
    reason: { zh: '只有持牌机构可以出借。', en: 'Only a licensed institution may lend.' },
    next: { zh: '请由持牌机构提交方案。', en: 'Let a licensed institution make the offer.' },
    source: '银行业监督管理法 第十九条',
  },
  {
    id: 'loan-yearly-cost',
    actions: ['loan.offer'],
    require: { is: 'at-most', fact: 'loan.yearlyCost', value: 240_000 },
    reason: { zh: '综合年化成本超过 24%。', en: 'The yearly cost, all included, is above 24 %.' },
    next: { zh: '请降低利率后再提交。', en: 'Lower the rate, then offer again.' },
    source: '金规〔2025〕9号（2025 年 10 月 1 日施行）',
  },
  {
    id: 'loan-cooling-off',
    actions: ['loan.offer'],
    require: { is: 'at-least', fact: 'loan.coolingOffSeconds', value: 86_400 },
    reason: {
      zh: '放款前没有留出一天的反悔期。',
      en: 'There is no day to step back before the loan is paid out.',
    },
    next: { zh: '请把放款日推后至少一天。', en: 'Pay out at least a day later.' },
    source: INITIATIVE,
  },
];
