/**
 * The demo world: fictional people, companies and products (GS1's example prefix 952). It is data only;
 * `seed.ts` brings it to life through the public API, with signatures of the actors themselves.
 */
import type { Bilingual } from './world-types.ts';
import type { DemoDoctor, DemoOrganisation, DemoProduct, DemoService } from './world-types.ts';

/** GTIN-14 or GLN from its digits without the check digit (GS1 General Specifications 7.9). */
export function withCheckDigit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0);
  return body + String((10 - (sum % 10)) % 10);
}

const t = (zh: string, en: string): Bilingual => ({ zh, en });
const gln = (n: number) => withCheckDigit(`952123400${String(n).padStart(3, '0')}`);
const gtin = (n: number) => withCheckDigit(`0952123410${String(n).padStart(3, '0')}`);

export const REGULATOR: DemoOrganisation = {
  key: 'regulator',
  kind: 'regulator',
  name: t('真安市医疗美容监督管理局', 'Zhen’an Aesthetic Medicine Authority'),
  city: t('真安', 'Zhen’an'),
  address: t('真安市中心路 1 号', '1 Centre Road, Zhen’an'),
  gln: gln(1),
};

export const ORGANISATIONS: readonly DemoOrganisation[] = [
  { key: 'chengchuan', kind: 'maker', name: t('澄川生物', 'Chengchuan Biotech'), city: t('澄川', 'Chengchuan'), address: t('澄川市高新区 88 号', '88 High-tech Park, Chengchuan'), gln: gln(11) },
  { key: 'bailu', kind: 'maker', name: t('白鹭医疗', 'Egret Medical'), city: t('鹭港', 'Lugang'), address: t('鹭港市滨海路 20 号', '20 Seaside Road, Lugang'), gln: gln(12) },
  { key: 'yuanqiao', kind: 'distributor', name: t('远桥医药物流', 'Farbridge Medical Logistics'), city: t('真安', 'Zhen’an'), address: t('真安市物流大道 6 号', '6 Logistics Avenue, Zhen’an'), gln: gln(21) },
  {
    key: 'meiyuan',
    kind: 'clinic',
    name: t('梅园医疗美容门诊部', 'Plum Garden Aesthetic Clinic'),
    city: t('真安', 'Zhen’an'),
    address: t('真安市梅园路 12 号', '12 Plum Garden Road, Zhen’an'),
    gln: gln(31),
    departments: ['aesthetic-dermatology', 'aesthetic-surgery'],
  },
  {
    key: 'qinghe',
    kind: 'clinic',
    name: t('清和皮肤医疗美容诊所', 'Qinghe Skin Clinic'),
    city: t('真安', 'Zhen’an'),
    address: t('真安市清和街 3 号', '3 Qinghe Street, Zhen’an'),
    gln: gln(32),
    departments: ['aesthetic-dermatology'],
  },
  {
    key: 'xinglan',
    kind: 'clinic',
    name: t('星澜医疗美容医院', 'Starwave Aesthetic Hospital'),
    city: t('鹭港', 'Lugang'),
    address: t('鹭港市星澜大道 100 号', '100 Starwave Avenue, Lugang'),
    gln: gln(33),
    departments: ['aesthetic-dermatology', 'aesthetic-surgery', 'aesthetic-dentistry'],
  },
];

const title = {
  chief: t('主任医师', 'Chief physician'),
  associate: t('副主任医师', 'Associate chief physician'),
  attending: t('主治医师', 'Attending physician'),
  resident: t('住院医师', 'Resident physician'),
};

export const DOCTORS: readonly DemoDoctor[] = [
  { key: 'lin', clinic: 'meiyuan', name: t('林书宁', 'Dr Lin Shuning'), title: title.chief, licence: '110952000000101', specialties: ['aesthetic-dermatology', 'aesthetic-surgery'] },
  { key: 'zhou', clinic: 'meiyuan', name: t('周以安', 'Dr Zhou Yi’an'), title: title.attending, licence: '110952000000102', specialties: ['aesthetic-dermatology'] },
  { key: 'gu', clinic: 'meiyuan', name: t('顾清越', 'Dr Gu Qingyue'), title: title.resident, licence: '110952000000103', specialties: [] },
  { key: 'shen', clinic: 'qinghe', name: t('沈知白', 'Dr Shen Zhibai'), title: title.associate, licence: '110952000000104', specialties: ['aesthetic-dermatology'] },
  // the licence of this doctor is suspended in the demo world
  { key: 'qian', clinic: 'qinghe', name: t('钱牧之', 'Dr Qian Muzhi'), title: title.attending, licence: '110952000000105', specialties: ['aesthetic-dermatology'], suspended: true },
  { key: 'he', clinic: 'xinglan', name: t('何青岚', 'Dr He Qinglan'), title: title.chief, licence: '110952000000106', specialties: ['aesthetic-surgery', 'aesthetic-dermatology'] },
  { key: 'su', clinic: 'xinglan', name: t('苏望舒', 'Dr Su Wangshu'), title: title.attending, licence: '110952000000107', specialties: ['aesthetic-dermatology'] },
  { key: 'tang', clinic: 'xinglan', name: t('唐予之', 'Dr Tang Yuzhi'), title: title.attending, licence: '110952000000108', specialties: ['aesthetic-dentistry'] },
];

const ROOM = { minC: 2, maxC: 25, maxMinutesOut: 2_880 };
const COLD = { minC: 2, maxC: 8, maxMinutesOut: 120 };
const INJECT = ['intradermal-injection', 'subcutaneous-injection'];

export const PRODUCTS: readonly DemoProduct[] = [
  { key: 'filler', gtin: gtin(1), maker: 'chengchuan', name: t('澄润 交联透明质酸钠凝胶 1.0 mL', 'Chengrun cross-linked hyaluronic gel 1.0 mL'), class: 'III', routes: INJECT, regions: ['CN'], storage: ROOM, singleUse: true, toxin: false, amount: 1_000, unit: 'uL', ingredients: ['hyaluronic-acid', 'lidocaine'], registration: '真械注准20253130001' },
  { key: 'filler-plain', gtin: gtin(2), maker: 'chengchuan', name: t('澄润·纯 透明质酸钠凝胶 1.0 mL(不含麻药)', 'Chengrun Pure hyaluronic gel 1.0 mL (no anaesthetic)'), class: 'III', routes: INJECT, regions: ['CN'], storage: ROOM, singleUse: true, toxin: false, amount: 1_000, unit: 'uL', ingredients: ['hyaluronic-acid'], registration: '真械注准20253130002' },
  { key: 'booster', gtin: gtin(3), maker: 'chengchuan', name: t('澄透 注射用透明质酸钠溶液 2.5 mL', 'Chengtou hyaluronic solution for injection 2.5 mL'), class: 'III', routes: ['intradermal-injection'], regions: ['CN', 'SG'], storage: ROOM, singleUse: true, toxin: false, amount: 2_500, unit: 'uL', ingredients: ['hyaluronic-acid'], registration: '真械注准20253130003' },
  { key: 'collagen', gtin: gtin(4), maker: 'chengchuan', name: t('澄塑 胶原蛋白植入剂 1.0 mL', 'Chengsu collagen implant 1.0 mL'), class: 'III', routes: INJECT, regions: ['CN'], storage: COLD, singleUse: true, toxin: false, amount: 1_000, unit: 'uL', ingredients: ['collagen-porcine', 'lidocaine'], registration: '真械注准20253130004' },
  // not approved here: only in Singapore
  { key: 'deep', gtin: gtin(5), maker: 'chengchuan', name: t('澄润·深 透明质酸钠凝胶 1.0 mL', 'Chengrun Deep hyaluronic gel 1.0 mL'), class: 'III', routes: INJECT, regions: ['SG'], storage: ROOM, singleUse: true, toxin: false, amount: 1_000, unit: 'uL', ingredients: ['hyaluronic-acid', 'lidocaine'], registration: 'SG-DE0095201' },
  { key: 'toxin', gtin: gtin(6), maker: 'bailu', name: t('白鹭 注射用 A 型肉毒毒素 100 U', 'Egret botulinum toxin type A 100 U'), class: 'drug', routes: ['intramuscular-injection'], regions: ['CN'], storage: COLD, singleUse: false, toxin: true, amount: 100, unit: 'U', withinHours: 24, ingredients: ['botulinum-toxin-a', 'human-albumin'], registration: '真药准字S20250001' },
  { key: 'toxin-50', gtin: gtin(7), maker: 'bailu', name: t('白鹭 注射用 A 型肉毒毒素 50 U', 'Egret botulinum toxin type A 50 U'), class: 'drug', routes: ['intramuscular-injection'], regions: ['CN'], storage: COLD, singleUse: false, toxin: true, amount: 50, unit: 'U', withinHours: 24, ingredients: ['botulinum-toxin-a', 'human-albumin'], registration: '真药准字S20250002' },
  // class II, for the skin's surface only: never to be injected
  { key: 'gel', gtin: gtin(8), maker: 'bailu', name: t('白鹭 医用修护凝胶 30 g', 'Egret medical repair gel 30 g'), class: 'II', routes: ['topical'], regions: ['CN'], storage: ROOM, singleUse: true, toxin: false, amount: 30_000, unit: 'mg', ingredients: ['hyaluronic-acid'], registration: '真械注准20252140005' },
  { key: 'tip', gtin: gtin(9), maker: 'bailu', name: t('鹭光 射频治疗头', 'Luguang radio-frequency tip'), class: 'III', routes: ['energy-device'], regions: ['CN'], storage: ROOM, singleUse: true, toxin: false, amount: 900, unit: 'pulse', ingredients: [], registration: '真械注准20253090006' },
  { key: 'expired', gtin: gtin(10), maker: 'chengchuan', name: t('澄润·轻 透明质酸钠凝胶 0.5 mL', 'Chengrun Light hyaluronic gel 0.5 mL'), class: 'III', routes: INJECT, regions: ['CN'], storage: ROOM, singleUse: true, toxin: false, amount: 500, unit: 'uL', ingredients: ['hyaluronic-acid', 'lidocaine'], registration: '真械注准20253130007', lot: 'expired' },
  { key: 'broken-trail', gtin: gtin(11), maker: 'bailu', name: t('白鹭 水光 透明质酸钠溶液 2.0 mL', 'Egret hyaluronic solution 2.0 mL'), class: 'III', routes: ['intradermal-injection'], regions: ['CN'], storage: ROOM, singleUse: true, toxin: false, amount: 2_000, unit: 'uL', ingredients: ['hyaluronic-acid'], registration: '真械注准20253130008', lot: 'gap' },
  { key: 'recalled', gtin: gtin(12), maker: 'bailu', name: t('白鹭 童颜 聚左旋乳酸 150 mg', 'Egret poly-L-lactic acid 150 mg'), class: 'III', routes: ['subcutaneous-injection'], regions: ['CN'], storage: ROOM, singleUse: true, toxin: false, amount: 150, unit: 'mg', ingredients: ['poly-l-lactic-acid'], registration: '真械注准20253130009', lot: 'recalled' },
];

const yuan = (n: number) => String(n * 100);
const injection = (specialty: string, route: string, zones: string[]) => ({ department: specialty, specialty, needsLead: true, usesProduct: true, route, zones });

export const SERVICES: readonly DemoService[] = [
  {
    key: 'nasolabial',
    clinic: 'meiyuan',
    product: 'filler',
    doctors: ['lin', 'zhou'],
    minutes: 45,
    procedure: { code: 'filler-nasolabial', name: t('鼻唇沟填充', 'Nasolabial fold filling'), ...injection('aesthetic-dermatology', 'intradermal-injection', ['nasolabial-left', 'nasolabial-right']) },
    summary: t('用交联透明质酸填充鼻唇沟,效果通常维持 6 至 12 个月。', 'Fills the nasolabial folds with cross-linked hyaluronic gel; it usually lasts 6 to 12 months.'),
    items: [
      { name: t('澄润 1.0 mL', 'Chengrun 1.0 mL'), quantity: 1, unitPrice: yuan(2_980) },
      { name: t('注射与耗材', 'Injection and consumables'), quantity: 1, unitPrice: yuan(800) },
      { name: t('复诊一次(30 天内)', 'One follow-up within 30 days'), quantity: 1, unitPrice: yuan(200) },
    ],
    excluded: [t('超出 1.0 mL 的用量', 'Any amount beyond 1.0 mL'), t('溶解酶', 'Hyaluronidase')],
    consent: 'filler',
  },
  {
    key: 'booster',
    clinic: 'meiyuan',
    product: 'booster',
    doctors: ['lin', 'zhou'],
    minutes: 40,
    procedure: { code: 'skin-booster', name: t('水光注射', 'Skin booster'), ...injection('aesthetic-dermatology', 'intradermal-injection', ['cheek-left', 'cheek-right', 'forehead']) },
    summary: t('真皮浅层补充透明质酸,改善干燥与细纹。', 'Hyaluronic acid into the upper dermis against dryness and fine lines.'),
    items: [
      { name: t('澄透 2.5 mL', 'Chengtou 2.5 mL'), quantity: 1, unitPrice: yuan(1_280) },
      { name: t('注射与耗材', 'Injection and consumables'), quantity: 1, unitPrice: yuan(500) },
    ],
    excluded: [t('敷料以外的护肤品', 'Skin care beyond the dressing')],
    consent: 'filler',
  },
  {
    key: 'booster-qinghe',
    clinic: 'qinghe',
    product: 'booster',
    doctors: ['shen'],
    minutes: 40,
    procedure: { code: 'skin-booster', name: t('水光注射', 'Skin booster'), ...injection('aesthetic-dermatology', 'intradermal-injection', ['cheek-left', 'cheek-right', 'forehead']) },
    summary: t('真皮浅层补充透明质酸,改善干燥与细纹。', 'Hyaluronic acid into the upper dermis against dryness and fine lines.'),
    items: [{ name: t('澄透 2.5 mL,含注射', 'Chengtou 2.5 mL, injection included'), quantity: 1, unitPrice: yuan(1_680) }],
    excluded: [],
    consent: 'filler',
  },
  {
    key: 'collagen',
    clinic: 'xinglan',
    product: 'collagen',
    doctors: ['he', 'su'],
    minutes: 60,
    procedure: { code: 'collagen-tear-trough', name: t('泪沟胶原填充', 'Tear trough collagen'), ...injection('aesthetic-dermatology', 'intradermal-injection', ['tear-trough-left', 'tear-trough-right']) },
    summary: t('用胶原蛋白改善泪沟,通常维持 6 个月左右。', 'Softens the tear trough with collagen; usually lasts about 6 months.'),
    items: [
      { name: t('澄塑 1.0 mL', 'Chengsu 1.0 mL'), quantity: 2, unitPrice: yuan(3_600) },
      { name: t('注射与耗材', 'Injection and consumables'), quantity: 1, unitPrice: yuan(900) },
    ],
    excluded: [t('修补', 'Touch-ups')],
    consent: 'filler',
  },
];
