/** The consent text and the service standard of the demo world. */
import type { ConsentTemplate, ServiceStandard } from '@zhenmei/care';

const CHANGE_OF_MIND: ConsentTemplate['questions'][number] = {
  ask: {
    zh: '冷静期内你改变主意，钱怎么办？',
    en: 'You change your mind within the cooling-off period. What about the money?',
  },
  options: [
    { zh: '全部退回给我', en: 'All of it comes back to me' },
    { zh: '扣除一部分', en: 'A part is kept' },
    { zh: '不能退', en: 'It cannot be returned' },
  ],
  answer: 0,
};

export const FILLER_CONSENT: ConsentTemplate = {
  id: 'filler',
  version: '1.0',
  title: { zh: '注射填充知情同意书', en: 'Consent to an injection treatment' },
  text: {
    zh: [
      '你将接受一次面部注射治疗。医生会先核对你的身份、过敏史和今天的身体情况，再在你面前打开产品。',
      '可能的好处：改善凹陷、干燥或细纹。效果因人而异，会随时间减退，不能保证达到某个样子。',
      '常见反应：每 100 人中约有 30 至 50 人出现红肿、瘀青、触痛或小硬结，多在两周内消退。',
      '少见但严重的风险：血管栓塞。每 10000 次注射中约有 1 至 5 次，可能造成皮肤坏死，极少数会影响视力。如果出现剧烈疼痛、皮肤发白或视物模糊，请立即告诉医生，离院后请立即拨打急救电话。',
      '不适合的情况：怀孕或哺乳、注射部位正在感染、对产品成分（如利多卡因、胶原蛋白）过敏、正在使用抗凝药而未告知医生。',
      '你的选择：也可以不做任何治疗，或选择别的方法。治疗前你随时可以改变主意。冷静期内取消，钱全部退回。',
      '记录：治疗记录加密保存在你的保险箱里；机构依法保存一份病历。没有你的单独同意，照片不会被公开。',
    ].join('\n\n'),
    en: [
      'You are about to have an injection treatment of the face. The doctor first checks who you are, your allergies and how you feel today, and then opens the product in front of you.',
      'Possible benefit: less hollowing, dryness or fine lines. The effect differs between people and fades with time; no particular look can be promised.',
      'Common reactions: about 30 to 50 of 100 people have redness, swelling, bruising, tenderness or small lumps; most are gone within two weeks.',
      'Rare but serious: a blocked blood vessel. It happens in about 1 to 5 of 10,000 injections and can damage skin or, very rarely, sight. If you feel severe pain, or your skin turns white, or your sight blurs, tell the doctor at once; after you have left, call the emergency number at once.',
      'Not suitable: in pregnancy or breastfeeding, with an infection at the site, with an allergy to an ingredient (such as lidocaine or collagen), or on blood thinners that the doctor does not know of.',
      'Your choice: you may also do nothing, or choose another way. You may change your mind at any time before the treatment. If you cancel within the cooling-off period, all money is returned.',
      'Records: the treatment record is kept encrypted in your vault; the clinic keeps the medical record that the law requires. No photo is published without a separate consent of yours.',
    ].join('\n\n'),
  },
  questions: [
    {
      ask: {
        zh: '注射后如果突然看东西模糊，应该怎么做？',
        en: 'After the injection your sight suddenly blurs. What do you do?',
      },
      options: [
        { zh: '睡一觉再看', en: 'Sleep on it' },
        { zh: '立即告诉医生或拨打急救电话', en: 'Tell the doctor or call the emergency number at once' },
        { zh: '等复诊时再说', en: 'Wait for the follow-up' },
      ],
      answer: 1,
    },
    CHANGE_OF_MIND,
  ],
};

export const ENERGY_CONSENT: ConsentTemplate = {
  id: 'energy',
  version: '1.0',
  title: { zh: '能量设备治疗知情同意书', en: 'Consent to a treatment with an energy device' },
  text: {
    zh: [
      '你将接受一次面部能量设备治疗。医生会先核对你的身份和今天的身体情况，核对设备的校准，再在你面前打开一支新的治疗头。',
      '可能的好处：改善皮肤松弛。效果因人而异，通常在数周后才看得出来，不能保证达到某个样子。',
      '常见反应：治疗时发热、刺痛；治疗后发红、轻度水肿，多在几天内消退。',
      '少见但严重的风险：烫伤、水疱、色素改变或局部脂肪萎缩，可能需要进一步治疗。治疗中如果觉得某处特别烫，请马上告诉医生，治疗会立即停止。',
      '不适合的情况：装有心脏起搏器或治疗部位有金属植入物、怀孕、治疗部位正在感染、正在使用光敏药物而未告知医生。',
      '你的选择：也可以不做任何治疗，或选择别的方法。治疗前你随时可以改变主意。冷静期内取消，钱全部退回。',
      '记录：治疗记录加密保存在你的保险箱里；机构依法保存一份病历，并登记设备的序列号和发数。没有你的单独同意，照片不会被公开。',
    ].join('\n\n'),
    en: [
      'You are about to have a treatment of the face with an energy device. The doctor first checks who you are, how you feel today and whether the device is calibrated, and then opens a new treatment tip in front of you.',
      'Possible benefit: firmer skin. The effect differs between people and usually shows only after some weeks; no particular look can be promised.',
      'Common reactions: heat and prickling during the treatment; redness and slight swelling afterwards, mostly gone within days.',
      'Rare but serious: burns, blisters, changes of colour or loss of fat at the site, which may need further treatment. If a spot feels too hot, tell the doctor at once; the treatment stops immediately.',
      'Not suitable: with a pacemaker or metal implants at the site, in pregnancy, with an infection at the site, or on light-sensitising drugs that the doctor does not know of.',
      'Your choice: you may also do nothing, or choose another way. You may change your mind at any time before the treatment. If you cancel within the cooling-off period, all money is returned.',
      'Records: the treatment record is kept encrypted in your vault; the clinic keeps the medical record that the law requires, with the serial number and the shots of the device. No photo is published without a separate consent of yours.',
    ].join('\n\n'),
  },
  questions: [
    {
      ask: {
        zh: '治疗中觉得某处特别烫，应该怎么做？',
        en: 'During the treatment a spot feels too hot. What do you do?',
      },
      options: [
        { zh: '忍一忍就好', en: 'Bear it' },
        { zh: '马上告诉医生', en: 'Tell the doctor at once' },
        { zh: '回家后冷敷', en: 'Cool it at home' },
      ],
      answer: 1,
    },
    CHANGE_OF_MIND,
  ],
};

export const INJECTION_STANDARD: ServiceStandard = {
  id: 'injection',
  version: '1.0',
  title: { zh: '注射类项目放款标准', en: 'Release standard for injection treatments' },
  conditions: [
    {
      id: 'licence',
      text: {
        zh: '医生与机构当日的执业资格有效，并与项目相符',
        en: 'The licences of doctor and clinic are valid that day and fit the procedure',
      },
    },
    {
      id: 'consent',
      text: {
        zh: '治疗前，你已签署同意书并答对问题',
        en: 'Before the treatment you signed the consent and answered its questions',
      },
    },
    {
      id: 'product',
      text: {
        zh: '产品为正品、获批、在效期内，并当面为你启用一次',
        en: 'The product is genuine, approved, in date, and opened once for you, in front of you',
      },
    },
    {
      id: 'attendance',
      text: {
        zh: '你签名确认到诊并完成治疗',
        en: 'You signed that you attended and that the treatment was done',
      },
    },
    {
      id: 'record',
      text: { zh: '治疗记录已送达你的保险箱', en: 'The treatment record has reached your vault' },
    },
  ],
  acceptanceWindow: 7 * 86_400,
  dueAfter: 30 * 86_400,
  arbiterWindow: 30 * 86_400,
  defaultSplitBps: 5_000,
  feeBps: 100,
};

/** Like that of injections; the product is the treatment tip. */
export const ENERGY_STANDARD: ServiceStandard = {
  ...INJECTION_STANDARD,
  id: 'energy',
  title: { zh: '能量设备项目放款标准', en: 'Release standard for energy treatments' },
  conditions: INJECTION_STANDARD.conditions.map((condition) =>
    condition.id === 'product'
      ? {
          id: 'product' as const,
          text: {
            zh: '治疗头为正品、获批、在效期内，当面为你启用一次，用在校准有效的设备上',
            en: 'The tip is genuine, approved, in date, opened once for you in front of you, and used on a calibrated device',
          },
        }
      : condition,
  ),
};
