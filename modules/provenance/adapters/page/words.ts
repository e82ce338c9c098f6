/** The words of the public page, in both languages. */
import type { Lang } from '@zhenmei/kernel';

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

export const WORDS = {
  brand: { zh: '真美', en: 'Zhenmei' },
  tagline: { zh: '医美，可以核对', en: 'Aesthetic medicine you can check' },
  green: { zh: '没有发现矛盾', en: 'No contradiction found' },
  amber: { zh: '需要留意', en: 'Take care' },
  red: { zh: '不要使用', en: 'Do not use it' },
  grey: { zh: '无法判断', en: 'Cannot be judged' },
  why: { zh: '为什么', en: 'Why' },
  doNow: { zh: '现在怎么做', en: 'What to do now' },
  saidBy: { zh: '由 {by} 记录', en: 'Stated by {by}' },
  checkIt: { zh: '自己核对', en: 'Check it yourself' },
  record: { zh: '记录', en: 'Record' },
  notice: { zh: '公告', en: 'Notice' },
  product: { zh: '产品', en: 'Product' },
  maker: { zh: '厂家', en: 'Maker' },
  approved: { zh: '获批用途', en: 'Approved for' },
  registration: { zh: '注册证号', en: 'Registration' },
  lot: { zh: '批号', en: 'Lot' },
  expiry: { zh: '有效期至', en: 'Use by' },
  serial: { zh: '序列号', en: 'Serial number' },
  gtin: { zh: '产品编号', en: 'Product number' },
  ingredients: { zh: '成分', en: 'Ingredients' },
  way: { zh: '它一路怎么来的', en: 'The way it came' },
  wayMap: { zh: '路线示意图：{stations}', en: 'Schematic of its way: {stations}' },
  both: { zh: '交接由双方记录', en: 'Hand-over stated by both sides' },
  one: { zh: '只有一方记录', en: 'Stated by one side only' },
  handovers: {
    zh: '{total} 次交接中有 {signed} 次由双方签认',
    en: '{signed} of {total} hand-overs signed by both sides',
  },
  yourself: { zh: '不信我们，自己核对', en: 'Do not believe us: check it yourself' },
  yourselfLead: {
    zh: '证明文件里有每条记录在公开日志中的位置、账本上的状态和批准文件。任何人都能不联网核对，不需要我们的服务器。',
    en: 'The proof holds the place of every record in the public log, the state on the ledger and the approval. Anybody can check it offline, without our servers.',
  },
  download: { zh: '下载证明', en: 'Download the proof' },
  checkHere: { zh: '在这里核对一份证明', en: 'Check a proof here' },
  commandLine: { zh: '或在命令行：', en: 'Or in a terminal:' },
  label: { zh: '标签上还写了什么（可不填）', en: 'What else the label says (optional)' },
  labelLead: {
    zh: '厂家和监管机构会公布假冒品的特征。照着标签填，一起核对；不会保存。',
    en: 'Makers and the regulator publish what gives counterfeits away. Type what the label says and it is compared; nothing is kept.',
  },
  dose: { zh: '含量，例如 100 单位', en: 'Content, for example 100 U' },
  ingredient: { zh: '成分名称，照原文', en: 'Ingredient, exactly as printed' },
  place: { zh: '你在哪家机构（准备使用时填）', en: 'The clinic where you are, if it is about to be used' },
  compare: { zh: '一起核对', en: 'Compare' },
  another: { zh: '查另一个代码', en: 'Verify another code' },
  code: { zh: '包装上的代码', en: 'Code on the package' },
  codeHint: {
    zh: '扫码枪、粘贴或手输都可以。GS1、UDI、20 位药品追溯码都认识。',
    en: 'By scanner, pasted or typed. GS1, UDI and 20-digit drug trace codes are understood.',
  },
  verify: { zh: '验真', en: 'Verify' },
  scan: { zh: '用相机扫码', en: 'Scan with the camera' },
  other: { zh: 'English', en: '中文' },
  large: { zh: '大字', en: 'Large text' },
  normal: { zh: '正常字号', en: 'Normal text' },
  checkedAt: { zh: '查询时间 {at}', en: 'Checked at {at}' },
  skip: { zh: '跳到结果', en: 'Skip to the result' },
  slow: { zh: '问得太快', en: 'Too many questions' },
  authority: { zh: '可以到主管部门核实', en: 'You can ask the authority' },
  udi: { zh: '国家药监局 UDI 数据库', en: 'UDI database of the NMPA' },
  trace: { zh: '医保药品追溯信息查询', en: 'Drug trace service of the NHSA' },
  noAccount: { zh: '不需要账号，不需要安装。', en: 'No account, nothing to install.' },
  petal: {
    zh: '五个证明之一：产品',
    en: 'One of five proofs: the product',
  },
} as const satisfies Record<string, Bilingual>;

const STEPS: Readonly<Record<string, Bilingual>> = {
  commissioning: { zh: '出厂', en: 'Made' },
  shipping: { zh: '发出', en: 'Shipped' },
  receiving: { zh: '收到', en: 'Received' },
  storing: { zh: '储存', en: 'Stored' },
  dispensing: { zh: '启用', en: 'Opened' },
  destroying: { zh: '销毁', en: 'Destroyed' },
};
const ROUTES: Readonly<Record<string, Bilingual>> = {
  'intradermal-injection': { zh: '皮内注射', en: 'Intradermal injection' },
  'subcutaneous-injection': { zh: '皮下注射', en: 'Subcutaneous injection' },
  'intramuscular-injection': { zh: '肌内注射', en: 'Intramuscular injection' },
  topical: { zh: '外用', en: 'On the skin only' },
  'energy-device': { zh: '能量设备', en: 'Energy device' },
};

export type Key = keyof typeof WORDS;
export type Say = (text: Bilingual) => string;

export const sayIn =
  (lang: Lang): Say =>
  (text) =>
    lang === 'en' ? text.en : text.zh;

/** A word in the language, with its values filled in. */
export function word(lang: Lang, key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  return sayIn(lang)(WORDS[key]).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** What a term of the vocabulary is called; the term itself if it has no word here. */
export const stepWord = (lang: Lang, step: string): string =>
  sayIn(lang)(STEPS[step] ?? { zh: step, en: step });
export const routeWord = (lang: Lang, route: string): string =>
  sayIn(lang)(ROUTES[route] ?? { zh: route, en: route });

const ZONE = 'Asia/Shanghai';

/** A day with its year, for a page that may be printed and read much later. */
export function dayOf(lang: Lang, iso: string): string {
  return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'zh-CN', {
    year: 'numeric',
    month: lang === 'en' ? 'short' : 'long',
    day: 'numeric',
    timeZone: ZONE,
  }).format(new Date(iso));
}

export function momentOf(lang: Lang, ms: number): string {
  return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'zh-CN', {
    year: 'numeric',
    month: lang === 'en' ? 'short' : 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: ZONE,
    timeZoneName: 'short',
  }).format(new Date(ms));
}
