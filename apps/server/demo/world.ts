/**
 * The demo world: fictional people, companies and products (GS1's example prefix 952). It is data only;
 * `seed.ts` brings it to life through the public API, with signatures of the actors themselves.
 */

import { gln, t } from './world-ids.ts';
import type { DemoDoctor, DemoOrganisation } from './world-types.ts';

export const REGULATOR: DemoOrganisation = {
  key: 'regulator',
  kind: 'regulator',
  name: t('真安市医疗美容监督管理局', 'Zhen’an Aesthetic Medicine Authority'),
  city: t('真安', 'Zhen’an'),
  address: t('真安市中心路 1 号', '1 Centre Road, Zhen’an'),
  gln: gln(1),
};

export const ORGANISATIONS: readonly DemoOrganisation[] = [
  {
    key: 'chengchuan',
    kind: 'maker',
    name: t('澄川生物', 'Chengchuan Biotech'),
    city: t('澄川', 'Chengchuan'),
    address: t('澄川市高新区 88 号', '88 High-tech Park, Chengchuan'),
    gln: gln(11),
  },
  {
    key: 'bailu',
    kind: 'maker',
    name: t('白鹭医疗', 'Egret Medical'),
    city: t('鹭港', 'Lugang'),
    address: t('鹭港市滨海路 20 号', '20 Seaside Road, Lugang'),
    gln: gln(12),
  },
  {
    key: 'yuanqiao',
    kind: 'distributor',
    name: t('远桥医药物流', 'Farbridge Medical Logistics'),
    city: t('真安', 'Zhen’an'),
    address: t('真安市物流大道 6 号', '6 Logistics Avenue, Zhen’an'),
    gln: gln(21),
  },
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
  {
    key: 'hengxin',
    kind: 'lender',
    name: t('恒信消费金融', 'Evertrust Consumer Finance'),
    city: t('真安', 'Zhen’an'),
    address: t('真安市金融街 9 号', '9 Finance Street, Zhen’an'),
    gln: gln(41),
  },
];

const title = {
  chief: t('主任医师', 'Chief physician'),
  associate: t('副主任医师', 'Associate chief physician'),
  attending: t('主治医师', 'Attending physician'),
  resident: t('住院医师', 'Resident physician'),
};

export const DOCTORS: readonly DemoDoctor[] = [
  {
    key: 'lin',
    clinic: 'meiyuan',
    name: t('林书宁', 'Dr Lin Shuning'),
    title: title.chief,
    licence: '110952000000101',
    specialties: ['aesthetic-dermatology', 'aesthetic-surgery'],
  },
  {
    key: 'zhou',
    clinic: 'meiyuan',
    name: t('周以安', 'Dr Zhou Yi’an'),
    title: title.attending,
    licence: '110952000000102',
    specialties: ['aesthetic-dermatology'],
  },
  {
    key: 'gu',
    clinic: 'meiyuan',
    name: t('顾清越', 'Dr Gu Qingyue'),
    title: title.resident,
    licence: '110952000000103',
    specialties: [],
  },
  {
    key: 'shen',
    clinic: 'qinghe',
    name: t('沈知白', 'Dr Shen Zhibai'),
    title: title.associate,
    licence: '110952000000104',
    specialties: ['aesthetic-dermatology'],
  },
  // the licence of this doctor is suspended in the demo world
  {
    key: 'qian',
    clinic: 'qinghe',
    name: t('钱牧之', 'Dr Qian Muzhi'),
    title: title.attending,
    licence: '110952000000105',
    specialties: ['aesthetic-dermatology'],
    suspended: true,
  },
  {
    key: 'he',
    clinic: 'xinglan',
    name: t('何青岚', 'Dr He Qinglan'),
    title: title.chief,
    licence: '110952000000106',
    specialties: ['aesthetic-surgery', 'aesthetic-dermatology'],
  },
  {
    key: 'su',
    clinic: 'xinglan',
    name: t('苏望舒', 'Dr Su Wangshu'),
    title: title.attending,
    licence: '110952000000107',
    specialties: ['aesthetic-dermatology'],
  },
  {
    key: 'tang',
    clinic: 'xinglan',
    name: t('唐予之', 'Dr Tang Yuzhi'),
    title: title.attending,
    licence: '110952000000108',
    specialties: ['aesthetic-dentistry'],
  },
];
