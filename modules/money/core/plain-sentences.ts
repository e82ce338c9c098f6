/** The sentences of an agreement, in both languages. One that is changed here says something else about money. */
import { amount, count, decimal, hex, type Lang, moment, share, span } from './plain-values.ts';
import { type Codec, type Sentence, sentence } from './two-way.ts';

const ZH = {
  pay: '你在{openBy}之前付 {total} 到托管账户。机构拿不到，平台也拿不到。',
  cooling: '付款后{coolingOff}之内，你可以不说理由取消，钱全部退给你。',
  cancelFree: '之后你仍可以取消，没有付出的钱全部退给你。',
  cancelFirst: '之后你仍可以取消；机构可按下面的比例留下当期的一部分，其余退给你。',
  cancelStep: '距当期最后期限不足{before}时取消，机构留下当期的{bps}。',
  cancelUntil: '之后你仍可以取消：{until}及以前取消，没有付出的钱全部退给你。',
  cancelAfter: '过了{after}取消，机构留下 {kept}（{bps}），其余退给你。',
  performed:
    '第{n}期 {amount}：治疗完成、你当场签名之后，机构最迟{dueBy}可以申请；你有{window}可以提出异议，到期才付给机构。',
  part: '第{n}期 {amount}：不用先做治疗，冷静期过后机构最迟{dueBy}可以申请；你有{window}可以提出异议，到期才付给机构。',
  series:
    '第{n}期到第{m}期，每期 {amount}：做完一次、你当场签名之后，机构才可以申请这一期；第{n}期最迟{dueBy}，以后每期再往后{step}。每期你有{window}可以提出异议，到期才付给机构。',
  noFee: '平台不收服务费。',
  fee: '付给机构的钱里，平台收取{feeBps}的服务费；退给你的钱不收费。',
  expire: '到了最后期限机构还没有申请，没有付出的钱全部退给你，谁都可以触发。',
  absentPatientFree:
    '约好的时间你没有来：机构可以登记，你有48小时可以反对；没有反对，没有付出的钱全部退给你。有反对，按异议处理。',
  absentPatient:
    '约好的时间你没有来：机构可以登记，你有48小时可以反对；没有反对，机构按登记那一刻的取消规则留下一部分，其余退给你。有反对，按异议处理。',
  absentClinic:
    '约好的时间机构没有准备好：你可以登记，机构有48小时可以反对；没有反对，没有付出的钱全部退给你。有反对，按异议处理。',
  dispute:
    '有异议时当期的钱先冻结，由裁定人在{arbiterWindow}之内决定；裁定人不作声，当期的{defaultSplitBps}退给你（机构没有申请过的全部退），以后各期全部退给你。',
  longest: '最后一期的期限是{after}。无论如何，{end}之前所有的钱都会付清或退清。',
  byLoan: '这笔钱由出借方替你付，你按分期还。上面说退给你的钱，先还分期，剩下的退给你。',
  patient: '这次就诊的钥匙：{value}',
  clinic: '机构的账户：{value}',
  token: '记账单位：{value}',
  arbiter: '裁定人：{value}',
  feeTo: '服务费账户：{value}',
  payout: '退款编号：{value}',
  standard: '服务标准的指纹：{value}',
  quote: '报价单的指纹：{value}',
  review: '评价权的指纹：{value}',
  salt: '合同的随机数：{value}',
} as const;

export type SentenceName = keyof typeof ZH;

const EN: Readonly<Record<SentenceName, string>> = {
  pay: 'By {openBy} you pay {total} into the held account. The clinic cannot reach it, and neither can the platform.',
  cooling: 'Within {coolingOff} of paying you may cancel without a reason, and all of it comes back to you.',
  cancelFree: 'After that you may still cancel, and whatever has not been paid out comes back to you.',
  cancelFirst:
    'After that you may still cancel; the clinic may keep a share of the present part as follows, and the rest comes back to you.',
  cancelStep: 'Less than {before} before the last day of the present part, the clinic keeps {bps} of it.',
  cancelUntil:
    'After that you may still cancel: until {until} whatever has not been paid out comes back to you.',
  cancelAfter: 'If you cancel after {after}, the clinic keeps {kept} ({bps}) and the rest comes back to you.',
  performed:
    'Part {n}, {amount}: once you were treated and signed on the spot, the clinic may ask for it until {dueBy}; you have {window} to object, and only then is it paid.',
  part: 'Part {n}, {amount}: without a treatment; once the cooling-off is over the clinic may ask for it until {dueBy}; you have {window} to object, and only then is it paid.',
  series:
    'Parts {n} to {m}, {amount} each: the clinic may ask for one once that treatment was done and you signed on the spot; for part {n} until {dueBy}, for each one after it {step} later. You have {window} to object to each, and only then is it paid.',
  noFee: 'The platform takes no fee.',
  fee: 'Of what is paid to the clinic the platform takes {feeBps}; what comes back to you is free of it.',
  expire:
    'If the clinic has not asked by the last day, whatever has not been paid out comes back to you; anybody may set that off.',
  absentPatientFree:
    'If you do not come at the agreed time, the clinic may report it and you have 48 hours to object; if you do not, whatever has not been paid out comes back to you. If you do, it is an objection like any other.',
  absentPatient:
    'If you do not come at the agreed time, the clinic may report it and you have 48 hours to object; if you do not, the clinic keeps what a cancellation at the time of the report would cost, and the rest comes back to you. If you do, it is an objection like any other.',
  absentClinic:
    'If the clinic is not ready at the agreed time, you may report it and the clinic has 48 hours to object; if it does not, whatever has not been paid out comes back to you. If it does, it is an objection like any other.',
  dispute:
    'If there is an objection, the part is frozen and the arbiter decides within {arbiterWindow}; if the arbiter stays silent, {defaultSplitBps} of it (all of it if the clinic had not asked) and all later parts come back to you.',
  longest:
    'The last part is due by {after}. Whatever happens, all of the money is paid or returned by {end}.',
  byLoan:
    'A lender pays this for you, and you pay it back in instalments. Of what is said above to come back to you, the loan is paid first, and the rest is yours.',
  patient: 'Key of this visit: {value}',
  clinic: 'Account of the clinic: {value}',
  token: 'Unit of account: {value}',
  arbiter: 'Arbiter: {value}',
  feeTo: 'Account for fees: {value}',
  payout: 'Number for refunds: {value}',
  standard: 'Fingerprint of the service standard: {value}',
  quote: 'Fingerprint of the quote: {value}',
  review: 'Fingerprint of the review right: {value}',
  salt: 'Random number of the agreement: {value}',
};

const codecs = (lang: Lang, name: SentenceName): Readonly<Record<string, Codec<never>>> =>
  ({
    total: amount,
    amount,
    openBy: moment[lang],
    dueBy: moment[lang],
    after: moment[lang],
    until: moment[lang],
    kept: amount,
    end: moment[lang],
    coolingOff: span[lang],
    before: span[lang],
    window: span[lang],
    arbiterWindow: span[lang],
    feeBps: share,
    bps: share,
    defaultSplitBps: share,
    n: count,
    m: count,
    step: span[lang],
    value: name === 'review' ? decimal : hex,
  }) as unknown as Readonly<Record<string, Codec<never>>>;

const compile = (lang: Lang, texts: Readonly<Record<SentenceName, string>>) =>
  Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, sentence(text, codecs(lang, name as SentenceName))]),
  ) as Record<SentenceName, Sentence>;

export const SENTENCES: Readonly<Record<Lang, Readonly<Record<SentenceName, Sentence>>>> = {
  'zh-CN': compile('zh-CN', ZH),
  en: compile('en', EN),
};
