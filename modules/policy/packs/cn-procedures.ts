/** Procedures of aesthetic medicine in mainland China with their departments (医疗美容项目分级管理目录). */
import type { ListedProcedure } from '../core/pack.ts';

const listed = (
  zh: string,
  en: string,
  department: string,
  grade: 1 | 2 | 3 | 4,
  change: Partial<ListedProcedure> = {},
): ListedProcedure => ({
  name: { zh, en },
  department,
  specialty: department,
  needsLead: true,
  usesProduct: false,
  grade,
  ...change,
});

const DERMATOLOGY = 'aesthetic-dermatology';
const SURGERY = 'aesthetic-surgery';
const PRODUCT = { usesProduct: true } as const;

export const CN_PROCEDURES: Readonly<Record<string, ListedProcedure>> = {
  'filler-nasolabial': listed('鼻唇沟填充', 'Nasolabial fold filling', DERMATOLOGY, 1, PRODUCT),
  'filler-lips': listed('唇部填充', 'Lip filling', DERMATOLOGY, 1, PRODUCT),
  'skin-booster': listed('水光注射', 'Skin booster', DERMATOLOGY, 1, PRODUCT),
  'collagen-tear-trough': listed('泪沟胶原填充', 'Collagen for the tear trough', DERMATOLOGY, 1, PRODUCT),
  'toxin-glabella': listed('眉间肉毒毒素注射', 'Botulinum toxin for frown lines', DERMATOLOGY, 1, PRODUCT),
  'toxin-forehead': listed('额纹肉毒毒素注射', 'Botulinum toxin for forehead lines', DERMATOLOGY, 1, PRODUCT),
  'rf-face': listed('面部射频紧致', 'Radio-frequency skin tightening', DERMATOLOGY, 1, PRODUCT),
  'laser-pigment': listed('激光祛斑', 'Laser for pigment', DERMATOLOGY, 1),
  'light-rejuvenation': listed('强脉冲光嫩肤', 'Intense pulsed light', DERMATOLOGY, 1),
  'chemical-peel': listed('化学剥脱', 'Chemical peel', DERMATOLOGY, 1, PRODUCT),
  'double-eyelid': listed('重睑术', 'Double eyelid surgery', SURGERY, 1),
  'thread-lift': listed('面部埋线提升', 'Thread lift', SURGERY, 2, PRODUCT),
  liposuction: listed('吸脂术', 'Liposuction', SURGERY, 3),
  rhinoplasty: listed('隆鼻术', 'Rhinoplasty', SURGERY, 2, PRODUCT),
  'breast-augmentation': listed('隆乳术', 'Breast augmentation', SURGERY, 3, PRODUCT),
};
