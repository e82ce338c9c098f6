/** Mainland China: what the law asks of goods on their way, above all of toxic drugs. */
import type { Requirement } from '../core/pack.ts';

const MOVE = ['supply.ship', 'supply.receive'];
const TOXIN = [{ is: 'true', fact: 'product.isToxin' } as const];
const SOURCE = '关于将 A 型肉毒毒素列入毒性药品管理的通知（国食药监办〔2008〕405 号）';

export const CN_SUPPLY: readonly Requirement[] = [
  {
    id: 'toxin-sender-designated',
    actions: MOVE,
    when: TOXIN,
    require: { is: 'true', fact: 'sender.designatedForToxin' },
    reason: {
      zh: '发货方不是 A 型肉毒毒素的生产企业或指定经营企业。',
      en: 'The sender is neither a maker nor a designated distributor of botulinum toxin.',
    },
    next: {
      zh: '请不要发出或收下，并联系监管部门。',
      en: 'Neither send nor take it, and ask the regulator.',
    },
    source: SOURCE,
  },
  {
    id: 'toxin-receiver-designated',
    actions: MOVE,
    when: TOXIN,
    require: { is: 'true', fact: 'receiver.designatedForToxin' },
    reason: {
      zh: '收货方没有经营或使用 A 型肉毒毒素的资格。',
      en: 'The receiver is neither designated to distribute nor licensed to use botulinum toxin.',
    },
    next: {
      zh: '请选择有资格的收货方；已经到货的请退回。',
      en: 'Choose a receiver that is; send back what has arrived.',
    },
    source: SOURCE,
  },
];
