/** What the demo's clinics offer, and at what price. */

import { t } from './world-ids.ts';
import type { DemoService } from './world-types.ts';

const yuan = (n: number) => String(n * 100);
const injection = (specialty: string, route: string, zones: string[]) => ({
  department: specialty,
  specialty,
  needsLead: true,
  usesProduct: true,
  route,
  zones,
});

export const SERVICES: readonly DemoService[] = [
  {
    key: 'nasolabial',
    clinic: 'meiyuan',
    product: 'filler',
    doctors: ['lin', 'zhou'],
    minutes: 45,
    procedure: {
      code: 'filler-nasolabial',
      name: t('鼻唇沟填充', 'Nasolabial fold filling'),
      ...injection('aesthetic-dermatology', 'intradermal-injection', ['nasolabial-left', 'nasolabial-right']),
    },
    summary: t(
      '用交联透明质酸填充鼻唇沟，效果通常维持 6 至 12 个月。',
      'Fills the nasolabial folds with cross-linked hyaluronic gel; it usually lasts 6 to 12 months.',
    ),
    items: [
      { name: t('澄润 1.0 mL', 'Chengrun 1.0 mL'), quantity: 1, unitPrice: yuan(2_980) },
      { name: t('注射与耗材', 'Injection and consumables'), quantity: 1, unitPrice: yuan(800) },
      { name: t('复诊一次（30 天内）', 'One follow-up within 30 days'), quantity: 1, unitPrice: yuan(200) },
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
    procedure: {
      code: 'skin-booster',
      name: t('水光注射', 'Skin booster'),
      ...injection('aesthetic-dermatology', 'intradermal-injection', [
        'cheek-left',
        'cheek-right',
        'forehead',
      ]),
    },
    summary: t(
      '真皮浅层补充透明质酸，改善干燥与细纹。',
      'Hyaluronic acid into the upper dermis against dryness and fine lines.',
    ),
    items: [
      { name: t('澄透 2.5 mL', 'Chengtou 2.5 mL'), quantity: 1, unitPrice: yuan(1_280) },
      { name: t('注射与耗材', 'Injection and consumables'), quantity: 1, unitPrice: yuan(500) },
    ],
    excluded: [t('敷料以外的护肤品', 'Skin care beyond the dressing')],
    consent: 'filler',
  },
  {
    key: 'toxin',
    clinic: 'meiyuan',
    product: 'toxin',
    doctors: ['lin', 'zhou'],
    minutes: 30,
    procedure: {
      code: 'toxin-forehead',
      name: t('额纹肉毒素注射', 'Botulinum toxin for forehead lines'),
      ...injection('aesthetic-dermatology', 'intramuscular-injection', ['forehead']),
    },
    summary: t(
      '按单位计量，减轻额纹，效果通常维持 3 至 4 个月。',
      'Dosed in units; softens forehead lines and usually lasts 3 to 4 months.',
    ),
    items: [
      {
        name: t('白鹭 A 型肉毒毒素 20 U', 'Egret botulinum toxin type A 20 U'),
        quantity: 1,
        unitPrice: yuan(880),
      },
      { name: t('注射与耗材', 'Injection and consumables'), quantity: 1, unitPrice: yuan(300) },
    ],
    excluded: [t('超出 20 U 的用量', 'Any amount beyond 20 U')],
    consent: 'filler',
  },
  {
    key: 'radiofrequency',
    clinic: 'meiyuan',
    product: 'tip',
    doctors: ['lin', 'zhou'],
    minutes: 60,
    procedure: {
      code: 'rf-face',
      name: t('面部射频紧致', 'Radio-frequency skin tightening'),
      ...injection('aesthetic-dermatology', 'energy-device', ['cheek-left', 'cheek-right']),
      deviceClass: 'radiofrequency',
    },
    summary: t(
      '射频加热真皮，改善松弛。每位患者使用一支新的治疗头。',
      'Radio-frequency heat for lax skin. Every patient has a new treatment tip.',
    ),
    items: [
      {
        name: t('射频治疗头 900 发', 'Radio-frequency tip, 900 pulses'),
        quantity: 1,
        unitPrice: yuan(3_600),
      },
      { name: t('治疗与耗材', 'Treatment and consumables'), quantity: 1, unitPrice: yuan(800) },
    ],
    excluded: [t('第二支治疗头', 'A second tip')],
    consent: 'energy',
  },
  // last of this clinic: the visit that everybody tries first is its first
  {
    key: 'course',
    code: 'skin-booster-course',
    clinic: 'meiyuan',
    product: 'booster',
    doctors: ['lin', 'zhou'],
    minutes: 40,
    procedure: {
      code: 'skin-booster',
      name: t('水光注射疗程', 'Skin booster course'),
      ...injection('aesthetic-dermatology', 'intradermal-injection', [
        'cheek-left',
        'cheek-right',
        'forehead',
      ]),
    },
    summary: t(
      '十次为一个疗程，做一次付一次，没做的钱一直在托管账户里。',
      'A course of ten. Each session is paid once it is done; the rest stays in the held account.',
    ),
    items: [
      {
        name: t('疗程单次，含产品与注射', 'One session, product and injection'),
        quantity: 10,
        unitPrice: yuan(1_280),
      },
    ],
    excluded: [t('敷料以外的护肤品', 'Skin care beyond the dressing')],
    plan: { sessions: 10, everyDays: 21, deposit: { bps: 1_000, windowDays: 3 } },
    consent: 'filler',
  },
  {
    key: 'booster-qinghe',
    clinic: 'qinghe',
    product: 'booster',
    doctors: ['shen'],
    minutes: 40,
    procedure: {
      code: 'skin-booster',
      name: t('水光注射', 'Skin booster'),
      ...injection('aesthetic-dermatology', 'intradermal-injection', [
        'cheek-left',
        'cheek-right',
        'forehead',
      ]),
    },
    summary: t(
      '真皮浅层补充透明质酸，改善干燥与细纹。',
      'Hyaluronic acid into the upper dermis against dryness and fine lines.',
    ),
    items: [
      {
        name: t('澄透 2.5 mL，含注射', 'Chengtou 2.5 mL, injection included'),
        quantity: 1,
        unitPrice: yuan(1_680),
      },
    ],
    excluded: [],
    consent: 'filler',
  },
  {
    key: 'collagen',
    clinic: 'xinglan',
    product: 'collagen',
    doctors: ['he', 'su'],
    minutes: 60,
    procedure: {
      code: 'collagen-tear-trough',
      name: t('泪沟胶原填充', 'Tear trough collagen'),
      ...injection('aesthetic-dermatology', 'intradermal-injection', [
        'tear-trough-left',
        'tear-trough-right',
      ]),
    },
    summary: t(
      '用胶原蛋白改善泪沟，通常维持 6 个月左右。',
      'Softens the tear trough with collagen; usually lasts about 6 months.',
    ),
    items: [
      { name: t('澄塑 1.0 mL', 'Chengsu 1.0 mL'), quantity: 2, unitPrice: yuan(3_600) },
      { name: t('注射与耗材', 'Injection and consumables'), quantity: 1, unitPrice: yuan(900) },
    ],
    excluded: [t('修补', 'Touch-ups')],
    consent: 'filler',
  },
];
