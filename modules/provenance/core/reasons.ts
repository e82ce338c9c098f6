/**
 * What a verdict can say, in order of precedence: what it means, how to check it, what to do now.
 * A problem of the data is never called a fake, and nothing is ever called guaranteed.
 */
export type Level = 'red' | 'amber' | 'grey' | 'green';

interface ReasonText {
  readonly level: Level;
  readonly zh: string;
  readonly en: string;
  readonly checkZh: string;
  readonly checkEn: string;
  readonly doZh: string;
  readonly doEn: string;
}

const LOG = {
  checkZh: '打开这条记录的证明，核对它在公开日志中的位置。',
  checkEn: 'Open the proof of this record and check its place in the public log.',
};

const NOTICE = {
  checkZh: '打开这份公告，核对签名和它在公开日志中的位置。',
  checkEn: 'Open the notice and check its signature and its place in the public log.',
};

export const REASONS = {
  MALFORMED_CODE: {
    level: 'red',
    zh: '这个代码不符合编码规则',
    en: 'The code breaks the rules for such codes',
    checkZh: '对照包装上印的数字，看是否扫错或印错。',
    checkEn: 'Compare it with the digits printed on the package.',
    doZh: '再扫一次；仍不对就不要使用，并上报。',
    doEn: 'Scan again. If it stays wrong, do not use it, and report it.',
  },
  PROOF_INVALID: {
    level: 'red',
    zh: '这些记录与公开日志对不上',
    en: 'The records do not agree with the public log',
    checkZh: '在另一台设备上运行独立验证程序。',
    checkEn: 'Run the independent verifier on another device.',
    doZh: '不要依据这些记录使用，并上报。',
    doEn: 'Do not rely on these records, and report it.',
  },
  KNOWN_COUNTERFEIT: {
    level: 'red',
    zh: '厂家或监管机构已声明：带有这个批号或序列号的产品不是厂家生产的',
    en: 'The maker or the regulator has stated that products with this lot or serial number are not the maker’s',
    ...NOTICE,
    doZh: '不要使用。留好包装并上报；已经用过的，请尽快就医。',
    doEn: 'Do not use it. Keep the package and report it. If it was used on you, see a doctor soon.',
  },
  LABEL_DOSE_IMPOSSIBLE: {
    level: 'red',
    zh: '标签上的含量是厂家从不生产的',
    en: 'The maker never makes this product in the content printed on the label',
    ...NOTICE,
    doZh: '再看一遍标签上的数字和单位；确实如此就不要使用，留好包装并上报。',
    doEn: 'Read the figure and its unit again. If the label really says so, do not use it, keep the package and report it.',
  },
  LABEL_INGREDIENT_WRONG: {
    level: 'red',
    zh: '标签上的成分名称与厂家的标签不符',
    en: 'The label names an ingredient in a way that the maker’s label never does',
    ...NOTICE,
    doZh: '逐字再看一遍；确实如此就不要使用，留好包装并上报。',
    doEn: 'Read it again letter by letter. If the label really says so, do not use it, keep the package and report it.',
  },
  UNKNOWN_SERIAL: {
    level: 'red',
    zh: '厂家的记录里没有这个序列号',
    en: 'The maker’s records do not have this serial number',
    checkZh: '向厂家报出序列号核实。',
    checkEn: 'Give the serial number to the maker and ask.',
    doZh: '不要使用，请上报。',
    doEn: 'Do not use it, and report it.',
  },
  RECALLED_LOT: {
    level: 'red',
    zh: '这一批已被召回',
    en: 'This lot has been recalled',
    ...LOG,
    doZh: '不要使用；已经用过的，请联系机构。',
    doEn: 'Do not use it. If it was used on you, contact the clinic.',
  },
  NOT_APPROVED_FOR_USE: {
    level: 'red',
    zh: '它没有获批在这个地区、以这种方式或按这个类别使用',
    en: 'It is not approved for this region, this way of use or in this class',
    checkZh: '用注册证号在药监部门网站查询适用范围。',
    checkEn: 'Look up its registration with the regulator.',
    doZh: '不要继续，请要求更换获批的产品。',
    doEn: 'Do not go on. Ask for a product that is approved for this.',
  },
  EXPIRED: {
    level: 'red',
    zh: '已过有效期',
    en: 'It is past its expiry date',
    ...LOG,
    doZh: '不要使用，请要求更换。',
    doEn: 'Do not use it. Ask for another.',
  },
  ALREADY_USED: {
    level: 'red',
    zh: '记录显示这一支已经用过，或已用完、超时',
    en: 'The record says this unit has been used before, is used up, or was open for too long',
    ...LOG,
    doZh: '不要使用，并上报。',
    doEn: 'Do not use it, and report it.',
  },
  OPENED_OUTSIDE_CUSTODY: {
    level: 'red',
    zh: '记录显示它不在这个场所手中',
    en: 'By the record this site does not hold it',
    checkZh: '请机构出示它的收货记录。',
    checkEn: 'Ask the clinic for its record of receipt.',
    doZh: '不要继续，请上报。',
    doEn: 'Do not go on, and report it.',
  },
  SITE_NOT_LICENSED: {
    level: 'red',
    zh: '经手的场所没有毒性药品资格',
    en: 'A site that handled it is not licensed for toxic drugs',
    checkZh: '在监管部门网站核对该场所的许可。',
    checkEn: 'Check the licence of the site with the regulator.',
    doZh: '不要继续，请上报。',
    doEn: 'Do not go on, and report it.',
  },
  STOLEN_OR_DESTROYED: {
    level: 'red',
    zh: '记录显示它已被盗或已销毁',
    en: 'The record says it was stolen or destroyed',
    ...LOG,
    doZh: '不要使用，请上报。',
    doEn: 'Do not use it, and report it.',
  },
  CUSTODY_GAP: {
    level: 'amber',
    zh: '流转记录缺了一段',
    en: 'A stretch of its way is not recorded',
    checkZh: '请机构出示进货单据。',
    checkEn: 'Ask the clinic for the delivery papers.',
    doZh: '先请机构说明它从哪里来，再决定。',
    doEn: 'Ask the clinic where it came from before you decide.',
  },
  COLD_CHAIN_EXCURSION: {
    level: 'amber',
    zh: '运输或储存时超温的时间超过了厂家的允许',
    en: 'It was out of its temperature range for longer than the maker allows',
    ...LOG,
    doZh: '请机构出示厂家的放行意见。',
    doEn: 'Ask the clinic for the maker’s release.',
  },
  DATA_MISMATCH: {
    level: 'amber',
    zh: '包装与记录不一致，可能是数据有误',
    en: 'Package and record differ; the data may be wrong',
    checkZh: '对照包装上的批号、有效期和瓶身代码。',
    checkEn: 'Compare lot, expiry date and the code on the vial.',
    doZh: '核对清楚之前先不要使用。',
    doEn: 'Do not use it until this is cleared up.',
  },
  SEEN_ELSEWHERE: {
    level: 'amber',
    zh: '同一个代码在别处也出现过',
    en: 'The same code has been seen elsewhere',
    ...LOG,
    doZh: '请确认包装完好，并在你面前打开。',
    doEn: 'See that the package is intact and is opened in front of you.',
  },
  STALE_CHECKPOINT: {
    level: 'amber',
    zh: '公开日志很久没有更新，最近的召回可能看不到',
    en: 'The public log has not been updated for long; a recent recall may be missing',
    checkZh: '联网后再查一次。',
    checkEn: 'Check again when you are online.',
    doZh: '联网后再查一次。',
    doEn: 'Check again when you are online.',
  },
  NOT_ONBOARDED: {
    level: 'grey',
    zh: '厂家没有在这里登记，或代码没有序列号，无法判断',
    en: 'The maker is not registered here or the code has no serial number, so this cannot be judged',
    checkZh: '到国家药监局的 UDI 数据库或医保药品追溯查询核实。',
    checkEn: 'Look it up in the national UDI database or the drug trace service.',
    doZh: '这不说明真假。请到主管部门的系统查询。',
    doEn: 'This says nothing about it. Look it up with the authority.',
  },
  CONSISTENT: {
    level: 'green',
    zh: '没有发现矛盾；{total} 次交接中有 {signed} 次由双方签认',
    en: 'No contradiction found; {signed} of {total} hand-overs signed by both sides',
    ...LOG,
    doZh: '请确认在你面前打开。',
    doEn: 'See that it is opened in front of you.',
  },
} as const satisfies Record<string, ReasonText>;

export type ReasonCode = keyof typeof REASONS;
export const PRECEDENCE = Object.keys(REASONS) as ReasonCode[];

/** The sentences of a reason, with the counts of hand-overs filled in. */
export function reasonTexts(
  code: ReasonCode,
  handovers: { readonly signed: number; readonly total: number },
) {
  const { level, zh, en, checkZh, checkEn, doZh, doEn } = REASONS[code];
  const fill = (text: string) =>
    text.replace('{total}', String(handovers.total)).replace('{signed}', String(handovers.signed));
  return {
    level,
    text: { zh: fill(zh), en: fill(en) },
    check: { zh: checkZh, en: checkEn },
    doNow: { zh: doZh, en: doEn },
  };
}
