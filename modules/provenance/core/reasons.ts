/** What a verdict can say, in order of precedence, with what to do now. A data problem is never called a fake. */
export type Level = 'red' | 'amber' | 'grey' | 'green';

interface Reason {
  readonly level: Level;
  readonly zh: string;
  readonly en: string;
  readonly doZh: string;
  readonly doEn: string;
}

export const REASONS = {
  MALFORMED_CODE: { level: 'red', zh: '代码不符合 GS1 规则', en: 'The code breaks the GS1 rules', doZh: '再扫一次;仍不对就不要使用,并上报。', doEn: 'Scan again. If it stays wrong, do not use it, and report it.' },
  UNKNOWN_SERIAL: { level: 'red', zh: '厂家没有生产过这个序列号', en: 'The maker never produced this serial number', doZh: '不要使用,请上报。', doEn: 'Do not use it, and report it.' },
  RECALLED_LOT: { level: 'red', zh: '厂家已召回这一批', en: 'The maker has recalled this lot', doZh: '不要使用;已使用的请联系机构。', doEn: 'Do not use it. If it was used, contact the clinic.' },
  NOT_APPROVED_FOR_USE: { level: 'red', zh: '这个产品没有获批用于这个地区或这种方式', en: 'This product is not approved for this region or this way of use', doZh: '请要求更换获批的产品。', doEn: 'Ask for a product that is approved for it.' },
  EXPIRED: { level: 'red', zh: '已过有效期', en: 'It is past its expiry date', doZh: '不要使用,请要求更换。', doEn: 'Do not use it. Ask for another.' },
  ALREADY_USED: { level: 'red', zh: '这一支已经启用过', en: 'This unit has been opened before', doZh: '不要使用,并上报。', doEn: 'Do not use it, and report it.' },
  OPENED_OUTSIDE_CUSTODY: { level: 'red', zh: '它在没有收货记录的地方被打开', en: 'It was opened at a place that never received it', doZh: '不要继续,请上报。', doEn: 'Do not go on, and report it.' },
  SITE_NOT_LICENSED: { level: 'red', zh: '这个场所没有使用毒性药品的资格', en: 'This site is not licensed for a toxic drug', doZh: '不要继续,请上报。', doEn: 'Do not go on, and report it.' },
  STOLEN_OR_DESTROYED: { level: 'red', zh: '记录显示它已被盗或已销毁', en: 'The record says it was stolen or destroyed', doZh: '不要使用,请上报。', doEn: 'Do not use it, and report it.' },
  CUSTODY_GAP: { level: 'amber', zh: '流转记录缺了一段', en: 'A stretch of its way is missing', doZh: '请机构说明它从哪里来。', doEn: 'Ask the clinic where it came from.' },
  COLD_CHAIN_EXCURSION: { level: 'amber', zh: '运输或储存时超出了规定温度', en: 'It left its temperature range on the way', doZh: '请机构出示厂家的放行意见。', doEn: 'Ask the clinic for the maker’s release.' },
  DATA_MISMATCH: { level: 'amber', zh: '包装上的信息与记录不一致', en: 'The label and the record differ', doZh: '请与机构核对包装。', doEn: 'Compare the package with the clinic.' },
  NOT_ONBOARDED: { level: 'grey', zh: '厂家没有在这里登记,无法判断', en: 'The maker is not registered here, so this cannot be judged', doZh: '请到国家药监局的 UDI 数据库查询。', doEn: 'Look it up in the national UDI database.' },
  CONSISTENT: { level: 'green', zh: '没有发现矛盾', en: 'No contradiction found', doZh: '请确认在你面前打开。', doEn: 'See that it is opened in front of you.' },
} as const satisfies Record<string, Reason>;

export type ReasonCode = keyof typeof REASONS;
export const PRECEDENCE = Object.keys(REASONS) as ReasonCode[];
