/** Mainland China: minors, what is kept after an erasure, and the clocks of a breach. */
import type { Deadline, Requirement, Retention } from '../core/pack.ts';

const YEAR = 365;
const PIPL_47 = '个人信息保护法 第四十七条';

export const CN_MINORS: readonly Requirement[] = [
  {
    id: 'patient-adult',
    actions: ['visit.book', 'visit.treat'],
    when: [{ is: 'equal', fact: 'patient.adult', value: false }],
    require: { is: 'true', fact: 'guardian.signed' },
    reason: {
      zh: '未满 18 周岁，没有监护人签字不能预约、同意或付款。',
      en: 'Under 18 nothing is booked, agreed to or paid without a guardian’s signature.',
    },
    next: {
      zh: '请让监护人出示监护凭证并在自己的手机上签字；没有凭证的，请到户籍或社区登记机构办理。',
      en: 'Ask the guardian to show the certificate of guardianship and to sign on their own phone. Without one, the civil registry issues it.',
    },
    source: '医疗美容服务管理办法 第二十条；民法典 第十九条、第三十四条',
  },
  {
    id: 'patient-age-known',
    actions: ['visit.book', 'visit.treat'],
    require: { is: 'one-of', fact: 'patient.adult', values: [true, false] },
    reason: { zh: '还不知道患者是否成年。', en: 'It is not known whether the patient is of age.' },
    next: {
      zh: '请确认已满 18 周岁，或出示年龄凭证。',
      en: 'State that you are 18, or show a certificate of age.',
    },
    source: '医疗美容服务管理办法 第二十条',
  },
];

/** Where a person's own word on her age is not enough. */
export const CN_AGE: readonly Requirement[] = [
  {
    id: 'patient-age-shown',
    actions: ['visit.book'],
    when: [
      { is: 'equal', fact: 'patient.adult', value: true },
      { is: 'at-least', fact: 'procedure.grade', value: 2 },
    ],
    require: { is: 'true', fact: 'patient.ageProven' },
    reason: {
      zh: '这是二级及以上的美容外科项目，预约时要出示年龄证明，不能只凭自己填写。',
      en: 'This is an operation of grade 2 or higher: a certificate of age has to be shown, a statement is not enough.',
    },
    next: {
      zh: '请在“我的凭证”里领取年龄证明后再预约；未满 18 周岁的，请监护人签字。',
      en: 'Take a certificate of age into your wallet and book again. Under 18, have your guardian sign.',
    },
    source: '医疗美容服务管理办法 第二十条；核实年龄的方式法规未定，按项目分级出示凭证是平台的要求',
  },
];

/** What a guardian sees of a child's visit: its course and its money, until the child is of age. */
export const CN_GUARDIAN_VIEW: readonly Requirement[] = [
  {
    id: 'guardian-of-this-child',
    actions: ['guardian.view'],
    require: { is: 'true', fact: 'guardian.proven' },
    reason: {
      zh: '没有证实是这个孩子的监护人。',
      en: 'It is not proven that this is a guardian of the child.',
    },
    next: {
      zh: '请用领取了监护证明的手机查看。',
      en: 'Look on the phone that holds the certificate of guardianship.',
    },
    source: '民法典 第三十四条；个人信息保护法 第三十一条',
  },
  {
    id: 'guardian-until-of-age',
    actions: ['guardian.view'],
    require: { is: 'equal', fact: 'patient.adult', value: false },
    reason: {
      zh: '孩子已经成年，监护人不能再查看。',
      en: 'The child is of age; a guardian no longer sees this.',
    },
    next: { zh: '请由本人自己给你看。', en: 'Ask them to show it to you themselves.' },
    source: '民法典 第十七条、第三十九条',
  },
];

export const CN_RETENTION: readonly Retention[] = [
  {
    id: 'outpatient-record',
    what: { zh: '医疗机构自己的门诊病历', en: 'The clinic’s own outpatient record' },
    with: ['objects', 'everything'],
    by: 'clinic',
    from: 'last-visit',
    days: 15 * YEAR,
    reason: {
      zh: '医疗机构必须保存门诊病历，自最后一次就诊起不少于 15 年。',
      en: 'A clinic must keep its outpatient record for at least 15 years after the last visit.',
    },
    source: '医疗机构病历管理规定（2013 年版）第二十九条',
  },
  {
    id: 'transaction-record',
    what: { zh: '协议与款项的收付记录', en: 'Agreements and what was paid for them' },
    with: ['everything'],
    by: 'platform',
    from: 'payment',
    days: 3 * YEAR,
    reason: {
      zh: '交易信息自交易完成之日起至少保存三年；记录里没有你的账号。',
      en: 'What was traded must be kept for at least three years; your account is not named in it.',
    },
    source: '电子商务法 第三十一条',
  },
  {
    id: 'network-log',
    what: { zh: '服务器的网络日志', en: 'The server’s network log' },
    with: ['everything'],
    by: 'platform',
    from: 'erasure',
    days: 184,
    reason: {
      zh: '网络日志至少留存六个月；其中没有健康内容。',
      en: 'Network logs must be kept for at least six months; they hold nothing about health.',
    },
    source: '网络安全法 第二十一条',
  },
  {
    id: 'backup-copies',
    what: { zh: '灾难恢复用的备份', en: 'Backup copies for disasters' },
    with: ['objects', 'everything'],
    by: 'platform',
    from: 'erasure',
    days: 30,
    reason: {
      zh: '备份按期整体更换，不能从中单独取出一人的内容。期满前除保存外不作任何使用。',
      en: 'Backups are replaced as a whole; nothing can be taken out of one. Until then they are stored and not used.',
    },
    source: PIPL_47,
  },
  {
    id: 'access-log',
    what: { zh: '你自己的访问记录', en: 'Your own access log' },
    with: ['objects'],
    by: 'platform',
    from: 'event',
    days: null,
    reason: {
      zh: '让你以后还能查到谁看过；清空保险箱时一并销毁。',
      en: 'So that you can still see who looked; it goes when the whole vault is erased.',
    },
    source: '个人信息保护法 第四十四条',
  },
  {
    id: 'log-commitment',
    what: { zh: '公开日志里的印记', en: 'Marks in the public log' },
    with: ['everything'],
    by: 'platform',
    from: 'event',
    days: null,
    reason: {
      zh: '日志只能追加。印记的随机数已销毁，无法再与任何人或任何内容对上。',
      en: 'The log only grows. The random numbers of the marks are destroyed: they fit nobody and nothing any more.',
    },
    source: PIPL_47,
  },
  {
    id: 'sealed-delivery',
    what: { zh: '机构留下的密封文件', en: 'Sealed files that clinics left' },
    with: ['everything'],
    by: 'platform',
    from: 'event',
    days: null,
    reason: {
      zh: '它们不写是给谁的，所以找不出来；能打开它们的钥匙已销毁。',
      en: 'They do not say for whom they are, so they cannot be found; the key that opens them is destroyed.',
    },
    source: PIPL_47,
  },
];

export const CN_DEADLINES: readonly Deadline[] = [
  {
    id: 'breach-authority',
    event: 'breach',
    hours: 1,
    to: 'authority',
    what: {
      zh: '较大以上网络安全事件：向属地网信部门报告',
      en: 'A larger network incident: report to the local cyberspace administration',
    },
    source: '国家网络安全事件报告管理办法（2025 年 11 月 1 日施行）',
  },
  {
    id: 'breach-person',
    event: 'breach',
    hours: null,
    to: 'person',
    what: {
      zh: '立即补救并通知受影响的个人',
      en: 'Remedy it at once and tell everybody affected',
    },
    source: '个人信息保护法 第五十七条',
  },
];
