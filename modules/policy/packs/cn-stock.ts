/** Mainland China: what the law asks of a clinic's stock, of toxic drugs and of energy devices. */
import type { Requirement } from '../core/pack.ts';

const RECEIVE = ['stock.receive'];
const USE = ['stock.use'];
const DEVICE = ['device.use'];
const TOXIN = [{ is: 'true', fact: 'product.isToxin' } as const];

export const CN_STOCK: readonly Requirement[] = [
  {
    id: 'stock-clinic-licence',
    actions: [...RECEIVE, ...USE, ...DEVICE],
    require: { is: 'true', fact: 'clinic.licenceValid' },
    reason: { zh: '本机构的执业许可证目前无效。', en: 'The licence of this clinic is not valid now.' },
    next: {
      zh: '许可证恢复之前，不要收货也不要使用。',
      en: 'Until it is valid again, neither receive nor use.',
    },
    source: '医疗机构管理条例 第二十四条',
  },
  {
    id: 'stock-product-approved',
    actions: [...RECEIVE, ...USE],
    require: { is: 'member', fact: 'region', of: 'product.approvedRegions' },
    reason: { zh: '这个产品没有在本地区获批。', en: 'This product is not approved in this region.' },
    next: { zh: '请拒收，并联系供货方。', en: 'Do not take it in. Contact the supplier.' },
    source: '医疗器械监督管理条例；药品管理法',
  },
  {
    id: 'toxin-licensed-site',
    actions: [...RECEIVE, ...USE],
    when: TOXIN,
    require: { is: 'true', fact: 'clinic.licensedForToxin' },
    reason: {
      zh: '本机构没有使用 A 型肉毒毒素的资格。',
      en: 'This site is not licensed for botulinum toxin.',
    },
    next: {
      zh: '请拒收并退回供货方；取得资格后再购进。',
      en: 'Do not take it in; send it back. Order again once the site is licensed.',
    },
    source: '关于将 A 型肉毒毒素列入毒性药品管理的通知（国食药监办〔2008〕405 号）',
  },
  {
    id: 'toxin-designated-distributor',
    actions: RECEIVE,
    when: TOXIN,
    require: { is: 'true', fact: 'supplier.designatedForToxin' },
    reason: {
      zh: 'A 型肉毒毒素只能从指定的经营企业购进，这一批不是由指定企业发出的。',
      en: 'Botulinum toxin may come only from a designated distributor; this was not sent by one.',
    },
    next: {
      zh: '请拒收，保留包装，并报告药品监督管理部门。',
      en: 'Do not take it in, keep the package, and report it to the drug authority.',
    },
    source: '关于将 A 型肉毒毒素列入毒性药品管理的通知（国食药监办〔2008〕405 号）',
  },
  {
    id: 'device-calibration-valid',
    actions: DEVICE,
    require: { is: 'true', fact: 'device.calibrationValid' },
    reason: {
      zh: '这台设备没有在有效期内的校准记录。',
      en: 'This device has no calibration that is valid now.',
    },
    next: {
      zh: '请换一台校准有效的设备，或请厂家校准并登记结果后再继续。',
      en: 'Use a device whose calibration is valid, or have it calibrated and the result recorded first.',
    },
    source: '医疗器械监督管理条例；医疗器械使用质量监督管理办法',
  },
  {
    id: 'device-in-order',
    actions: DEVICE,
    require: { is: 'true', fact: 'device.passedLastInspection' },
    reason: {
      zh: '这台设备最近一次检查没有通过。',
      en: 'This device did not pass its last inspection.',
    },
    next: {
      zh: '请停用并报修，检查通过后再使用。',
      en: 'Take it out of use and have it repaired and inspected.',
    },
    source: '医疗器械监督管理条例；医疗器械使用质量监督管理办法',
  },
  {
    id: 'device-counter-left',
    actions: DEVICE,
    require: { is: 'at-least', fact: 'device.shotsLeft', value: 0 },
    reason: {
      zh: '装在设备上的治疗头或手具超过了规定的发数。',
      en: 'A handpiece or tip on the device is past its permitted number of shots.',
    },
    next: {
      zh: '请换上新的治疗头或手具，再登记发数。',
      en: 'Fit a new handpiece or tip, then record the shots.',
    },
    source: '医疗器械监督管理条例；产品注册证与说明书',
  },
];
