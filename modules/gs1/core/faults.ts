/** What can be wrong with a code: one stable rule name each, a position, and a sentence in both languages. */
import { AppError, defineErrors } from '@zhenmei/kernel';
import type { LinterName } from './linters.ts';

const STRUCTURE = {
  empty: ['没有读到内容。', 'Nothing was read.'],
  'not-a-code': [
    '这不是 GS1 代码，也认不出是哪个发码机构的编码。请重新扫描包装上的二维码。',
    'This is not a GS1 code, nor one of another issuing agency that is known here. Scan the code on the package again.',
  ],
  symbology: [
    '第 {position} 位的码制标识不受支持。',
    'The symbology identifier at position {position} is not supported.',
  ],
  'ai-unknown': [
    '第 {position} 位的应用标识符不存在。',
    'There is no application identifier as at position {position}.',
  ],
  bracket: ['第 {position} 位的括号不成对。', 'The bracket at position {position} has no partner.'],
  'too-short': [
    '应用标识符（{ai}）的内容在第 {position} 位处太短。',
    'The content of application identifier ({ai}) is too short at position {position}.',
  ],
  'too-long': [
    '应用标识符（{ai}）的内容从第 {position} 位起太长，可能漏了分隔符。',
    'The content of application identifier ({ai}) is too long from position {position} on; a separator may be missing.',
  ],
  'charset-n': [
    '第 {position} 位必须是数字（应用标识符 {ai}）。',
    'Position {position} must be a digit (application identifier {ai}).',
  ],
  'charset-x': [
    '第 {position} 位的字符不在 GS1 字符集 82 中（应用标识符 {ai}）。',
    'The character at position {position} is not in GS1 character set 82 (application identifier {ai}).',
  ],
  'charset-y': [
    '第 {position} 位的字符不在 GS1 字符集 39 中（应用标识符 {ai}）。',
    'The character at position {position} is not in GS1 character set 39 (application identifier {ai}).',
  ],
  'charset-z': [
    '第 {position} 位不是规范的 base64url（应用标识符 {ai}）。',
    'Position {position} is not proper base64url (application identifier {ai}).',
  ],
  'ai-excludes': [
    '应用标识符（{ai}）不能与（{other}）同时出现。',
    'Application identifiers ({ai}) and ({other}) exclude each other.',
  ],
  'ai-requires': [
    '应用标识符（{ai}）还需要同时有：{other}。',
    'Application identifier ({ai}) also needs: {other}.',
  ],
  'ai-repeated': [
    '应用标识符（{ai}）出现了两次，内容不同。',
    'Application identifier ({ai}) appears twice with different content.',
  ],
  'digsig-serial': [
    '数字签名（8030）要求（{ai}）带有序列号。',
    'A digital signature (8030) needs ({ai}) with its serial number.',
  ],
  'number-length': [
    '商品编号（GTIN）应为 8、12、13 或 14 位数字。',
    'A product number (GTIN) has 8, 12, 13 or 14 digits.',
  ],
  'trace-code': [
    '药品追溯码应为 20 位数字，第 {position} 位不符。',
    'A drug trace code has 20 digits; position {position} does not fit.',
  ],
  'link-character': [
    '链接第 {position} 位的字符不允许出现在网址中。',
    'The character at position {position} may not appear in an address.',
  ],
  'link-host': [
    '链接中第 {position} 位起没有正确的域名和路径。',
    'From position {position} on the link has no proper host and path.',
  ],
  'link-key': ['链接的路径里没有 GS1 主标识符。', 'The path of the link has no GS1 primary key.'],
  'link-compressed': [
    '第 {position} 位起像是压缩过的链接，这里只读未压缩的 GS1 Digital Link。请扫描另一个代码，或输入包装上的数字。',
    'From position {position} on the link seems to be compressed; only uncompressed GS1 Digital Links are read. Scan another code, or type the digits on the package.',
  ],
  'link-empty': [
    '链接中（{ai}）后面没有内容（第 {position} 位）。',
    'The link has no content after ({ai}) at position {position}.',
  ],
  'link-null': ['链接第 {position} 位含有空字符。', 'The link has a null character at position {position}.'],
  'link-order': [
    '链接路径中的限定符不允许这样排列（第 {position} 位）。',
    'The qualifiers in the path of the link are not in a permitted order (position {position}).',
  ],
  'link-attribute': [
    '（{ai}）不能写在链接的问号之后（第 {position} 位）。',
    '({ai}) may not stand in the query of a link (position {position}).',
  ],
  'link-in-path': [
    '（{ai}）应写在链接的路径里（第 {position} 位）。',
    '({ai}) belongs in the path of the link (position {position}).',
  ],
  'link-duplicate': [
    '链接中（{ai}）出现了两次（第 {position} 位）。',
    'The link has ({ai}) twice (position {position}).',
  ],
  'link-number-as-key': [
    '链接问号之后的数字名称 {ai} 不是应用标识符（第 {position} 位）。',
    'The numeric name {ai} in the query is no application identifier (position {position}).',
  ],
} as const satisfies Record<string, readonly [string, string]>;

const CONTENT: Record<LinterName, readonly [string, string]> = {
  csum: ['校验码不对，可能输错了一位', 'the check digit is wrong; a digit may be mistyped'],
  csumalpha: ['校验字符不对', 'the check characters are wrong'],
  gcppos1: ['开头不是 GS1 厂商识别代码', 'it does not begin with a GS1 company prefix'],
  gcppos2: ['缺少 GS1 厂商识别代码', 'it has no GS1 company prefix'],
  couponcode: ['优惠券编码不符合规则', 'the coupon code breaks its rules'],
  couponposoffer: ['优惠券编码不符合规则', 'the coupon offer breaks its rules'],
  hasnondigit: ['不能全是数字', 'it may not be digits only'],
  hh: ['这个小时不存在', 'there is no such hour'],
  hhmi: ['这个时刻不存在', 'there is no such time of day'],
  mi: ['这个分钟不存在', 'there is no such minute'],
  ss: ['这个秒数不存在', 'there is no such second'],
  hyphen: ['这里只能是“-”', 'only “-” may stand here'],
  iban: ['国际银行账号不正确', 'the IBAN is wrong'],
  importeridx: ['进口商序号字符不正确', 'the importer index is wrong'],
  iso3166: ['没有这个国家或地区代码', 'there is no such country code'],
  iso3166999: ['没有这个国家或地区代码', 'there is no such country code'],
  iso3166alpha2: ['没有这个国家或地区代码', 'there is no such country code'],
  iso4217: ['没有这个货币代码', 'there is no such currency code'],
  iso5218: ['性别代码不正确', 'the code of sex is wrong'],
  latitude: ['纬度超出范围', 'the latitude is out of range'],
  longitude: ['经度超出范围', 'the longitude is out of range'],
  mediatype: ['载体类型不存在', 'there is no such media type'],
  nonzero: ['不能是零', 'it may not be zero'],
  nozeroprefix: ['开头不能是零', 'it may not begin with a zero'],
  packagetype: ['没有这个包装类型代码', 'there is no such package type'],
  pcenc: ['百分号编码不正确', 'the percent-encoding is wrong'],
  pieceoftotal: ['件数与总件数不符', 'piece and total do not fit together'],
  posinseqslash: ['顺序与总数不符', 'position and total do not fit together'],
  winding: ['卷绕方向代码不正确', 'the winding direction is wrong'],
  yesno: ['只能是 0 或 1', 'it may only be 0 or 1'],
  yymmd0: ['这个日期不存在', 'there is no such date'],
  yymmdd: ['这个日期不存在', 'there is no such date'],
  yyyymmd0: ['这个日期不存在', 'there is no such date'],
  yyyymmdd: ['这个日期不存在', 'there is no such date'],
  zero: ['这里必须是零', 'it must be zero'],
};

export type Rule = keyof typeof STRUCTURE | LinterName;

export interface Fault {
  readonly rule: Rule;
  /** Position of the first wrong character in the text that was given, counted from 1. */
  readonly position: number;
  readonly ai?: string;
  readonly other?: string;
}

export const RULES: readonly Rule[] = [...Object.keys(STRUCTURE), ...Object.keys(CONTENT)] as Rule[];

/** The code of a rule as an AppError: `yymmd0` is `GS1_YYMMD0`. */
export const codeOf = (rule: Rule): string => `GS1_${rule.toUpperCase().replaceAll('-', '_')}`;

defineErrors(
  Object.fromEntries(
    RULES.map((rule) => {
      const [zh, en] =
        rule in STRUCTURE
          ? STRUCTURE[rule as keyof typeof STRUCTURE]
          : contentTexts(CONTENT[rule as LinterName]);
      return [codeOf(rule), { status: 422, retryable: false, zh, en }];
    }),
  ),
);

function contentTexts([zh, en]: readonly [string, string]): readonly [string, string] {
  return [
    `第 {position} 位（应用标识符 {ai}）：${zh}。`,
    `Position {position} (application identifier {ai}): ${en}.`,
  ];
}

export function faultError({ rule, position, ai = '', other = '' }: Fault): AppError {
  return new AppError(codeOf(rule), { rule, position, ai, other });
}
