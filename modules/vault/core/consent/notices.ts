/**
 * What a person is told before she agrees, one notice for each purpose. A changed text is a new version; the old one
 * stays, because receipts point to it.
 */
import { AppError, canonicalJson, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import type { Purpose } from '../grants/grant.ts';
import './errors.ts';

export interface Notice {
  readonly id: string;
  readonly version: string;
  readonly purpose: Purpose;
  readonly zh: readonly string[];
  readonly en: readonly string[];
  /** From when on it is shown, RFC 3339; a first version from the beginning. */
  readonly since?: string;
  /** What is new against the version before. A material change opens nothing until it is agreed to again. */
  readonly change?: { readonly material: boolean; readonly zh: string; readonly en: string };
}

const WITHDRAW = {
  zh: '你可以随时在“谁能看什么”里收回，与同意一样只要一步。收回后，对方再也打不开新的内容；已经看过的内容无法从对方的记忆里抹去，医疗机构依法必须保存的病历也不会因此删除。',
  en: 'You can take it back at any time under “Who may see what”, in one step, as you agreed. From then on nothing new opens. What was read before cannot be taken out of anybody’s memory, and the record that a clinic must keep by law stays there.',
};

export const NOTICES: readonly Notice[] = [
  {
    id: 'treat',
    version: '1',
    purpose: 'TREAT',
    zh: [
      '你把所选的资料给这家机构看，用于你的治疗。其中可能有健康信息和面部照片，属于敏感个人信息。',
      '医生据此判断治疗是否适合你；不给，医生只能依靠当面询问。资料在你的设备上加密，平台看不到内容。每一次打开都会先记入你能查看的记录。',
      WITHDRAW.zh,
    ],
    en: [
      'You let this organisation see what you chose, for your treatment. It may hold health data and photos of your face, which are sensitive.',
      'The doctor judges by it whether a treatment suits you; without it the doctor can only ask. It is encrypted on your device and the platform cannot read it. Every opening is logged first, where you can see it.',
      WITHDRAW.en,
    ],
  },
  {
    id: 'treat',
    version: '2',
    purpose: 'TREAT',
    since: '2027-01-01T00:00:00.000Z',
    change: {
      material: true,
      zh: '新写明：机构把看过的内容写进病历时，要按当地规定的年限保存；你可以对单份资料“限制使用”，也可以销毁它的钥匙。',
      en: 'New: what the organisation writes into its own record is kept for the years that the local rules set. You can restrict a single file, or have its key destroyed.',
    },
    zh: [
      '你把所选的资料给这家机构看，用于你的治疗。其中可能有健康信息和面部照片，属于敏感个人信息。',
      '医生据此判断治疗是否适合你；不给，医生只能依靠当面询问。资料在你的设备上加密，平台看不到内容。每一次打开都会先记入你能查看的记录。',
      '机构写进自己病历的内容，按当地规定的年限保存，不随授权收回而删除。你可以对任何一份资料“限制使用”，解除前谁也打不开；也可以销毁它的钥匙，得到一份证明。',
      WITHDRAW.zh,
    ],
    en: [
      'You let this organisation see what you chose, for your treatment. It may hold health data and photos of your face, which are sensitive.',
      'The doctor judges by it whether a treatment suits you; without it the doctor can only ask. It is encrypted on your device and the platform cannot read it. Every opening is logged first, where you can see it.',
      'What the organisation writes into its own record stays there for the years that the local rules set, also after you take the permission back. You can restrict any file, so that nobody opens it until you lift that, or have its key destroyed and get a certificate.',
      WITHDRAW.en,
    ],
  },
  {
    id: 'emergency',
    version: '1',
    purpose: 'ETREAT',
    zh: [
      '你做一张急救卡。你无法说话时，持证医疗机构的医生扫描这张卡，只能看到你的过敏资料，别的都看不到。',
      '打开时医生必须写明理由；你的所有设备都会收到通知，这次打开会被复核。卡丢了，可以立即作废。',
      WITHDRAW.zh,
    ],
    en: [
      'You make an emergency card. If you cannot speak, a doctor of a licensed clinic who scans it sees your allergies and nothing else.',
      'The doctor must state a reason; all your devices are told, and the opening is reviewed. A lost card can be made void at once.',
      WITHDRAW.en,
    ],
  },
  {
    id: 'ai-run',
    version: '1',
    purpose: 'PATRQT',
    zh: [
      '你让一个指定版本的程序使用所选资料一次。它用一把只为这次生成的钥匙读取，结果只密封给你，然后钥匙销毁。',
      '这不是诊断，须由持证医生确认。不用于训练。再用一次，需要你再同意一次。',
      WITHDRAW.zh,
    ],
    en: [
      'You let one program, in one version, use what you chose once. It reads with a key made for this run; the result is sealed to you alone and the key is destroyed.',
      'It is no diagnosis; a licensed doctor has to confirm it. It trains nothing. Another run needs another consent.',
      WITHDRAW.en,
    ],
  },
  {
    id: 'research-pool',
    version: '1',
    purpose: 'HRESCH',
    zh: [
      '你让自己的少数几个数字参加统计，例如某个项目后的恢复天数。离开设备的只有加了随机噪声的合计，任何人数太少的统计都不会发布。',
      '每次发布都会告诉你用在哪项研究、付了多少钱。不参加，不影响任何服务。',
      '你可以随时退出，下一次发布起不再包含你；已发布的合计里无法再把你分离出来，这正是噪声的作用。',
    ],
    en: [
      'You let a few numbers of yours count in statistics, such as days of recovery after a procedure. Only totals with random noise are published, and none over too few people.',
      'For each release you are told which study it served and what was paid. Not taking part changes no service.',
      'You can leave at any time and are out of the next release. From a published total you cannot be singled out any more: that is what the noise is for.',
    ],
  },
  {
    id: 'research-pool',
    version: '2',
    purpose: 'HRESCH',
    since: '2026-11-01T00:00:00.000Z',
    change: {
      material: true,
      zh: '新写明：噪声在你的设备上就加好，离开设备的只有加了噪声的选项；退出后已发布的数字会保留。',
      en: 'New: the noise is added on your own device, so that only a choice with noise leaves it; what was published before you leave stays.',
    },
    zh: [
      '你参加一项统计研究。设备根据保险箱里的内容选出每个问题的答案，按写明的机会随机换成别的答案，只把换过的结果送出，不带姓名和账号。病历、照片和真实答案不离开设备。',
      '只公布足够多的人合在一起的估计；人数太少的不公布。每项研究用掉的隐私预算有上限，随时可以查看。承诺的报酬会记下，目前还不能在这里支付。不参加，不影响任何服务。',
      '你可以随时在“统计研究”或“我的同意”里退出，只要一步。还没发布的回答会删除；已经发布的数字会保留，从中认不出你。',
    ],
    en: [
      'You take part in one statistical study. Your device finds the answer to each question in your vault, swaps it at random for another with the stated chance, and sends only the result, without name or account. Records, photos and the true answer stay on the device.',
      'Only estimates over enough people together are published, and none over too few. What a study may use of your privacy budget is limited and shown. The promised payment is recorded; it cannot be paid out here yet. Not taking part changes no service.',
      'You can leave at any time under “Statistical studies” or “My consents”, in one step. Answers that are not published yet are deleted; numbers that are published stay, and you cannot be singled out in them.',
    ],
  },
  {
    id: 'research-pool',
    version: '3',
    purpose: 'HRESCH',
    since: '2026-11-26T00:00:00.000Z',
    change: {
      material: true,
      zh: '新写明：报酬由机构先存入，每次发布之后才付；为了付款，平台知道付给了你，托管银行知道付到哪里。',
      en: 'New: the organisation pays the money in beforehand and it is paid after each release; to pay, the platform knows that it pays you, and the custodian where to.',
    },
    zh: [
      '你参加一项统计研究。设备根据保险箱里的内容选出每个问题的答案，按写明的机会随机换成别的答案，只把换过的结果送出，不带姓名和账号。病历、照片和真实答案不离开设备。',
      '只公布足够多的人合在一起的估计；人数太少的不公布。每项研究用掉的隐私预算有上限，随时可以查看。有报酬的研究由机构先把钱存进托管银行，每次发布之后按回答次数付到你指定的地方；付款上不写研究和健康的任何内容。平台要付款，所以知道付给了你。不参加，不影响任何服务。',
      '你可以随时在“统计研究”或“我的同意”里退出，只要一步。还没发布的回答会删除，也就没有报酬；已经得到的报酬仍归你。已经发布的数字会保留，从中认不出你。',
    ],
    en: [
      'You take part in one statistical study. Your device finds the answer to each question in your vault, swaps it at random for another with the stated chance, and sends only the result, without name or account. Records, photos and the true answer stay on the device.',
      'Only estimates over enough people together are published, and none over too few. What a study may use of your privacy budget is limited and shown. Where a study pays, the organisation pays the money in at the custodian beforehand; after each release every answer is paid to where you say. The payment names neither the study nor anything about health. To pay you, the platform knows that it does. Not taking part changes no service.',
      'You can leave at any time under “Statistical studies” or “My consents”, in one step. Answers that are not published yet are deleted and earn nothing; what you have earned stays yours. Numbers that are published stay, and you cannot be singled out in them.',
    ],
  },
  {
    id: 'images-public',
    version: '1',
    purpose: 'HMARKT',
    zh: [
      '你允许这家机构公开所选的照片。公开后任何人都能看到并保存，很难完全收回。',
      '许多地区禁止用前后对比照做广告；是否允许由当地规则决定。默认不公开，不同意不影响治疗与价格。',
      WITHDRAW.zh,
    ],
    en: [
      'You let this organisation make the chosen photos public. Anybody can then see and keep them; that can hardly be undone.',
      'Many regions forbid before-and-after pictures in advertising; the local rules decide. The default is no, and refusing changes neither treatment nor price.',
      WITHDRAW.en,
    ],
  },
];

const inForce = (notice: Notice, at: number): boolean => !notice.since || Date.parse(notice.since) <= at;

/** The newest notice for a purpose. @param at milliseconds since the epoch. Throws CONSENT_NOTICE_UNKNOWN. */
export function noticeFor(purpose: Purpose, at: number): Notice {
  const found = NOTICES.filter((notice) => notice.purpose === purpose && inForce(notice, at)).at(-1);
  if (!found) throw new AppError('CONSENT_NOTICE_UNKNOWN');
  return found;
}

/** Throws CONSENT_NOTICE_UNKNOWN for a version that was never shown. */
export function noticeOf(id: string, version: string): Notice {
  const found = NOTICES.find((notice) => notice.id === id && notice.version === version);
  if (!found) throw new AppError('CONSENT_NOTICE_UNKNOWN');
  return found;
}

/** What came after a version, oldest first. Throws CONSENT_NOTICE_UNKNOWN. */
export function changesSince({ id, version }: Pick<Notice, 'id' | 'version'>, at: number): Notice[] {
  const versions = NOTICES.filter((notice) => notice.id === id && inForce(notice, at));
  return versions.slice(versions.indexOf(noticeOf(id, version)) + 1);
}

/** Whether a later version is so different that a consent to this one opens nothing. Throws CONSENT_NOTICE_UNKNOWN. */
export const hasChanged = (notice: Pick<Notice, 'id' | 'version'>, at: number): boolean =>
  changesSince(notice, at).some(({ change }) => change?.material !== false);

/** Whether a consent to this version still carries. Throws CONSENT_NOTICE_CHANGED, CONSENT_NOTICE_UNKNOWN. */
export function assertNoticeHolds(
  notice: Pick<Notice, 'id' | 'version'> & { readonly hash: string },
  purpose: Purpose,
  at: number,
): void {
  const known = noticeOf(notice.id, notice.version);
  if (known.purpose !== purpose || noticeHash(known) !== notice.hash || !inForce(known, at))
    throw new AppError('CONSENT_NOTICE_UNKNOWN');
  if (hasChanged(notice, at)) throw new AppError('CONSENT_NOTICE_CHANGED');
}

export const noticeHash = (notice: Notice): string => toBase64Url(sha256(utf8(canonicalJson(notice))));
