/** Mainland China, the default pack: what the law asks before a treatment is listed, booked or done. */
import type { PolicyPack } from '../core/pack.ts';
import { CN_CANCELLATION } from './cn-cancellation.ts';
import { CN_GUARANTEE } from './cn-guarantee.ts';
import { CN_LOANS } from './cn-loans.ts';
import { CN_AGE, CN_DEADLINES, CN_GUARDIAN_VIEW, CN_MINORS, CN_RETENTION } from './cn-persons.ts';
import { CN_PROCEDURES } from './cn-procedures.ts';
import { CN_STOCK } from './cn-stock.ts';
import { CN_SUPPLY } from './cn-supply.ts';

const ALL = ['service.publish', 'visit.book', 'visit.treat'];
const LATER = ['visit.book', 'visit.treat'];

/** As it was before it spoke of stock and goods; visits that were offered under it end under it. */
export const cn100: PolicyPack = {
  id: 'cn',
  version: '1.0.0',
  name: { zh: '中国大陆', en: 'Mainland China' },
  effectiveFrom: '2025-05-01T00:00:00.000Z',
  parameters: {
    currency: 'CNY',
    coolingOffSeconds: 7 * 86_400,
    coolingOffWaivable: false,
    transferableToken: false,
    adultAge: 18,
  },
  requirements: [
    {
      id: 'clinic-licence-valid',
      actions: ALL,
      require: { is: 'true', fact: 'clinic.licenceValid' },
      reason: { zh: '这家机构的执业许可证目前无效。', en: 'The licence of this clinic is not valid now.' },
      next: { zh: '请选择另一家机构。', en: 'Choose another clinic.' },
      source: '医疗机构管理条例 第二十四条',
    },
    {
      id: 'clinic-department',
      actions: ALL,
      require: { is: 'member', fact: 'procedure.department', of: 'clinic.departments' },
      reason: {
        zh: '这家机构没有登记开展该项目所需的科目。',
        en: 'This clinic is not registered for the department that this procedure needs.',
      },
      next: { zh: '请选择登记了该科目的机构。', en: 'Choose a clinic that is registered for it.' },
      source: '医疗美容服务管理办法 第八条',
    },
    {
      id: 'doctor-licence-valid',
      actions: ALL,
      require: { is: 'true', fact: 'doctor.licenceValid' },
      reason: { zh: '这位医生的执业资格目前无效。', en: 'The licence of this doctor is not valid now.' },
      next: { zh: '请选择另一位医生。', en: 'Choose another doctor.' },
      source: '医师法 第十三条',
    },
    {
      id: 'doctor-lead-specialty',
      actions: ALL,
      when: [{ is: 'true', fact: 'procedure.needsLead' }],
      require: { is: 'member', fact: 'procedure.specialty', of: 'doctor.leadSpecialties' },
      reason: {
        zh: '该项目须由相应专业的美容主诊医师负责，这位医生没有该备案。',
        en: 'A lead aesthetic physician of this specialty must be in charge; this doctor is not filed as one.',
      },
      next: { zh: '请选择有该专业主诊备案的医生。', en: 'Choose a doctor who is filed for it.' },
      source: '医疗美容服务管理办法 第十一条',
    },
    {
      id: 'doctor-works-here',
      actions: ALL,
      require: { is: 'true', fact: 'doctor.employedHere' },
      reason: {
        zh: '这位医生没有在这家机构登记执业。',
        en: 'This doctor is not registered to practise at this clinic.',
      },
      next: { zh: '请选择本机构的医生。', en: 'Choose a doctor of this clinic.' },
      source: '医师执业注册管理办法',
    },
    {
      id: 'product-approved-here',
      actions: ALL,
      when: [{ is: 'true', fact: 'procedure.usesProduct' }],
      require: { is: 'member', fact: 'region', of: 'product.approvedRegions' },
      reason: { zh: '这个产品没有在本地区获批。', en: 'This product is not approved in this region.' },
      next: { zh: '请选择已获批的产品。', en: 'Choose an approved product.' },
      source: '医疗器械监督管理条例；药品管理法',
    },
    {
      id: 'product-approved-route',
      actions: ALL,
      when: [{ is: 'true', fact: 'procedure.usesProduct' }],
      require: { is: 'member', fact: 'procedure.route', of: 'product.approvedRoutes' },
      reason: {
        zh: '这个产品没有获批用于该项目的使用方式（例如：未获批注射）。',
        en: 'This product is not approved for the way this procedure uses it (for example: not for injection).',
      },
      next: { zh: '请选择获批用于该方式的产品。', en: 'Choose a product that is approved for it.' },
      source: '医疗器械监督管理条例；药品管理法',
    },
    {
      id: 'patient-adult',
      actions: LATER,
      require: { is: 'true', fact: 'patient.adult' },
      reason: {
        zh: '未满 18 周岁需要监护人同意，此处尚不支持。',
        en: 'Under 18 a guardian must consent, which is not supported here yet.',
      },
      next: { zh: '请由监护人陪同到机构办理。', en: 'Come to the clinic together with a guardian.' },
      source: '医疗美容服务管理办法 第二十条',
    },
  ],
};

/** As it was before it had the catalogue of procedures. */
export const cn110: PolicyPack = {
  ...cn100,
  version: '1.1.0',
  parameters: {
    ...cn100.parameters,
    /** Where appointments take place. */
    timeZone: 'Asia/Shanghai',
  },
  requirements: [...cn100.requirements, ...CN_STOCK, ...CN_SUPPLY],
};

/** As it was before it spoke of guardians, of what is kept and of breaches. */
export const cn120: PolicyPack = { ...cn110, version: '1.2.0', procedures: CN_PROCEDURES };

/** As it was before it asked for proof of age, spoke of what a guardian sees, and of loans. */
export const cn130: PolicyPack = {
  ...cn120,
  version: '1.3.0',
  parameters: {
    ...cn120.parameters,
    /** Of what a person asks to have erased wholly, until it is done. */
    erasureWaitDays: 7,
    /** Guardians that must agree before a vault is closed after a death, and the days in which it can be stopped. */
    closingGuardians: 3,
    closingWaitDays: 14,
  },
  requirements: [...cn120.requirements.filter(({ id }) => id !== 'patient-adult'), ...CN_MINORS],
  retention: [...CN_RETENTION],
  deadlines: [...CN_DEADLINES],
};

/** As it was before it said what may be kept of a visit that is cancelled. */
export const cn140: PolicyPack = {
  ...cn130,
  version: '1.4.0',
  parameters: {
    ...cn130.parameters,
    /** Millionths a year, everything included. */
    loanYearlyCostCap: 240_000,
    /** In which a borrower may step back; nothing is paid out before. */
    loanCoolingOffSeconds: 86_400,
  },
  requirements: [...cn130.requirements, ...CN_AGE, ...CN_GUARDIAN_VIEW, ...CN_LOANS],
};

/** As it was before it said who may stand behind a promise about an outcome. */
export const cn150: PolicyPack = {
  ...cn140,
  version: '1.5.0',
  requirements: [...cn140.requirements, ...CN_CANCELLATION],
};

export const cn: PolicyPack = {
  ...cn150,
  version: '1.6.0',
  requirements: [...cn150.requirements, ...CN_GUARANTEE],
};
