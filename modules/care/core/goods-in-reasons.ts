/** What a scan at goods-in can answer: one reason each, with what to do now. A problem of data is never called a fake. */
export type Outcome = 'accepted' | 'quarantined' | 'refused';

interface ReasonText {
  readonly outcome: Outcome;
  readonly zh: string;
  readonly en: string;
  readonly doZh: string;
  readonly doEn: string;
}

export const GOODS_IN = {
  accepted: {
    outcome: 'accepted',
    zh: '已入库',
    en: 'Received into stock',
    doZh: '放入对应的存放位置。',
    doEn: 'Put it where it belongs.',
  },
  'code-malformed': {
    outcome: 'refused',
    zh: '代码不符合编码规则：{detail}',
    en: 'The code breaks its rules: {detail}',
    doZh: '再扫一次；仍不对就不要收，请联系供货方。',
    doEn: 'Scan again. If it stays wrong, do not take it in and contact the supplier.',
  },
  'no-serial': {
    outcome: 'refused',
    zh: '这个代码没有序列号，不能确定是哪一支',
    en: 'This code has no serial number, so it does not tell which unit it is',
    doZh: '请扫描这一支自己包装上的二维码。',
    doEn: 'Scan the code on the package of the unit itself.',
  },
  'other-code': {
    outcome: 'refused',
    zh: '这是其他体系的代码，在这里无法核对',
    en: 'This is a code of another system, which cannot be checked here',
    doZh: '请扫描 GS1 代码；没有的话，请到主管部门的系统查询。',
    doEn: 'Scan the GS1 code. If there is none, look it up with the authority.',
  },
  'container-unknown': {
    outcome: 'refused',
    zh: '没有这个箱号的装箱记录',
    en: 'There is no packing record of this box',
    doZh: '请逐支扫描，或请供货方补上装箱记录。',
    doEn: 'Scan the units one by one, or ask the supplier for the packing record.',
  },
  'product-unknown': {
    outcome: 'refused',
    zh: '没有登记过这个产品',
    en: 'This product is not registered',
    doZh: '不要收，请向供货方索取注册证并到药监部门核对。',
    doEn: 'Do not take it in. Ask for the registration and check it with the regulator.',
  },
  'already-received': {
    outcome: 'refused',
    zh: '这一支已经收过了',
    en: 'This unit has been received already',
    doZh: '如果手里还有一支同号的，请单独放置并上报。',
    doEn: 'If you hold a second one with this number, keep it apart and report it.',
  },
  'already-gone': {
    outcome: 'refused',
    zh: '这一支在本机构已经用过、报损或遗失',
    en: 'This unit was used, wasted or lost here before',
    doZh: '不要使用，请单独放置并上报。',
    doEn: 'Do not use it. Keep it apart and report it.',
  },
  rule: {
    outcome: 'refused',
    zh: '{detail}',
    en: '{detail}',
    doZh: '{next}',
    doEn: '{next}',
  },
  'not-checkable': {
    outcome: 'refused',
    zh: '暂时无法核对：{detail}',
    en: 'This cannot be checked right now: {detail}',
    doZh: '先不要入库，稍后再扫一次。',
    doEn: 'Do not take it in yet. Scan it again later.',
  },
  'serial-unknown': {
    outcome: 'refused',
    zh: '厂家的记录里没有这个序列号',
    en: 'The maker’s records do not have this serial number',
    doZh: '不要收，请向厂家报出序列号核实。',
    doEn: 'Do not take it in. Give the number to the maker and ask.',
  },
  recalled: {
    outcome: 'refused',
    zh: '这一批已被召回',
    en: 'This lot has been recalled',
    doZh: '不要收，请退回供货方。',
    doEn: 'Do not take it in; send it back.',
  },
  expired: {
    outcome: 'refused',
    zh: '已过有效期（{expiry}）',
    en: 'It is past its expiry date ({expiry})',
    doZh: '不要收，请退回供货方。',
    doEn: 'Do not take it in; send it back.',
  },
  'already-used': {
    outcome: 'refused',
    zh: '记录显示这一支已经用过',
    en: 'The record says this unit has been used before',
    doZh: '不要收，请保留包装并上报。',
    doEn: 'Do not take it in. Keep the package and report it.',
  },
  'stolen-or-destroyed': {
    outcome: 'refused',
    zh: '记录显示它已被盗或已销毁',
    en: 'The record says it was stolen or destroyed',
    doZh: '不要收，请保留包装并上报。',
    doEn: 'Do not take it in. Keep the package and report it.',
  },
  'not-approved': {
    outcome: 'refused',
    zh: '这个产品没有在本地区获批',
    en: 'This product is not approved in this region',
    doZh: '不要收，请退回供货方。',
    doEn: 'Do not take it in; send it back.',
  },
  'site-not-licensed': {
    outcome: 'refused',
    zh: '经手的场所没有毒性药品资格',
    en: 'A site that handled it is not licensed for toxic drugs',
    doZh: '不要收，请保留包装并上报。',
    doEn: 'Do not take it in. Keep the package and report it.',
  },
  'records-invalid': {
    outcome: 'refused',
    zh: '这些记录与公开日志对不上',
    en: 'The records do not agree with the public log',
    doZh: '不要收，请上报。',
    doEn: 'Do not take it in, and report it.',
  },
  'not-sent-here': {
    outcome: 'quarantined',
    zh: '没有发往本机构的记录，可能是发错了，也可能是对方还没登记',
    en: 'No record says that it was sent to this clinic: it may be a mis-delivery, or not entered yet',
    doZh: '单独放置，请供货方补上发货记录，或退回。',
    doEn: 'Keep it apart. Ask the supplier to enter the shipment, or send it back.',
  },
  'data-mismatch': {
    outcome: 'quarantined',
    zh: '标签与记录不一致，像是数据问题',
    en: 'Label and record differ; this looks like a problem of data',
    doZh: '单独放置，对照批号和有效期，请厂家更正记录。',
    doEn: 'Keep it apart, compare lot and expiry date, and ask the maker to put the record right.',
  },
  'cold-chain': {
    outcome: 'quarantined',
    zh: '运输途中超温的时间超过了厂家的允许',
    en: 'On its way it was out of its temperature range for longer than the maker allows',
    doZh: '单独冷藏，请厂家给出放行意见，或退回。',
    doEn: 'Keep it apart and cold. Ask for the maker’s release, or send it back.',
  },
  'custody-gap': {
    outcome: 'quarantined',
    zh: '流转记录缺了一段',
    en: 'A stretch of its way is not recorded',
    doZh: '单独放置，请供货方出示进货单据。',
    doEn: 'Keep it apart and ask the supplier for the delivery papers.',
  },
  'seen-elsewhere': {
    outcome: 'quarantined',
    zh: '同一个代码在别处也出现过',
    en: 'The same code has been seen elsewhere',
    doZh: '单独放置，检查包装是否完好，并上报。',
    doEn: 'Keep it apart, see that the package is intact, and report it.',
  },
} as const satisfies Record<string, ReasonText>;

export type GoodsInReason = keyof typeof GOODS_IN;

export interface ReasonWords {
  readonly text: { readonly zh: string; readonly en: string };
  readonly doNow: { readonly zh: string; readonly en: string };
}

export interface ReasonDetail {
  readonly detail?: { readonly zh: string; readonly en: string };
  readonly next?: { readonly zh: string; readonly en: string };
  readonly expiry?: string;
}

/** The sentences of an answer, with what it speaks of filled in. */
export function goodsInWords(reason: GoodsInReason, { detail, next, expiry }: ReasonDetail): ReasonWords {
  const { zh, en, doZh, doEn } = GOODS_IN[reason];
  const fill = (text: string, lang: 'zh' | 'en') =>
    text
      .replace('{detail}', detail?.[lang] ?? '')
      .replace('{next}', next?.[lang] ?? '')
      .replace('{expiry}', expiry ?? '');
  return {
    text: { zh: fill(zh, 'zh'), en: fill(en, 'en') },
    doNow: { zh: fill(doZh, 'zh'), en: fill(doEn, 'en') },
  };
}
