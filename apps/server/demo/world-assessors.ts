/** The assessors of the demo world: people of their own, in other cities than most clinics. */
import { gln, t } from './world-ids.ts';
import type { Bilingual, DemoOrganisation } from './world-types.ts';

const CITIES = [t('云岭', 'Yunling'), t('松溪', 'Songxi'), t('海棠', 'Haitang'), t('北辰', 'Beichen')];
const HOME = t('真安', 'Zhen’an');
const NAMES: readonly Bilingual[] = [
  t('温若水', 'Dr Wen Ruoshui'),
  t('陆怀瑾', 'Dr Lu Huaijin'),
  t('宋知遥', 'Dr Song Zhiyao'),
  t('秦念初', 'Dr Qin Nianchu'),
  t('江望舒', 'Dr Jiang Wangshu'),
  t('叶清和', 'Dr Ye Qinghe'),
  t('程以宁', 'Dr Cheng Yining'),
  t('傅景行', 'Dr Fu Jingxing'),
  t('苏砚秋', 'Dr Su Yanqiu'),
  t('韩修远', 'Dr Han Xiuyuan'),
  t('许闻溪', 'Dr Xu Wenxi'),
  t('方静姝', 'Dr Fang Jingshu'),
  t('梁书白', 'Dr Liang Shubai'),
  t('顾长安', 'Dr Gu Chang’an'),
  t('沈南乔', 'Dr Shen Nanqiao'),
  t('白景明', 'Dr Bai Jingming'),
  t('何时雨', 'Dr He Shiyu'),
  // works in the same city as two clinics, and so is never drawn for them
  t('罗思齐', 'Dr Luo Siqi'),
];

export const ASSESSORS: readonly DemoOrganisation[] = NAMES.map((name, i) => {
  const city = i === NAMES.length - 1 ? HOME : CITIES[i % CITIES.length]!;
  return {
    key: `assessor-${i + 1}`,
    kind: 'assessor',
    name,
    city,
    address: t(`${city.zh}市评估路 ${i + 1} 号`, `${i + 1} Assessors’ Road, ${city.en}`),
    gln: gln(101 + i),
  };
});
