/**
 * Exceptions: where statements of different parties do not agree, or goods must not go on. Each is a case with an owner
 * and a deadline, and ends by a new statement, never by changing an old one. A problem of the data is never called a fake.
 */
import type { Bilingual } from './bilingual.ts';

export const EXCEPTIONS = {
  'not-shipped': {
    days: 3,
    locks: true,
    title: { zh: '收到了没有发货记录的货', en: 'Received without a record of shipment' },
    todo: {
      zh: '发货方补记发货；如果收货记错了，收货方声明更正。',
      en: 'The sender records the shipment; if the receipt was a mistake, the receiver declares it wrong.',
    },
  },
  'not-received': {
    days: 3,
    locks: false,
    title: { zh: '发出后一直没有收货记录', en: 'Shipped, and no receipt for days' },
    todo: {
      zh: '收货方记录收货；没有到货的，发货方查找，取消发货或登记丢失。',
      en: 'The receiver records the receipt. If nothing came, the sender traces it, voids the shipment or records the loss.',
    },
  },
  quantity: {
    days: 3,
    locks: false,
    title: { zh: '收到的比发出的少', en: 'Fewer received than shipped' },
    todo: {
      zh: '双方核对：补收、由发货方更正发货，或登记丢失。',
      en: 'Compare: receive the rest, let the sender correct the shipment, or record the loss.',
    },
  },
  'not-held': {
    days: 3,
    locks: false,
    title: { zh: '发货方没有收到过这批货的记录', en: 'Shipped by a site that has no record of receiving it' },
    todo: {
      zh: '发货方补记收货；如果发货记错了，声明更正。',
      en: 'The sender records its receipt; if the shipment was a mistake, it declares it wrong.',
    },
  },
  'received-twice': {
    days: 2,
    locks: true,
    title: { zh: '同一件货记录了两次收货', en: 'The same goods were received twice' },
    todo: {
      zh: '核对实物；多记的那一次由记录方声明更正。',
      en: 'Look at the goods; whoever recorded once too often declares that record wrong.',
    },
  },
  'unknown-serial': {
    days: 2,
    locks: true,
    title: { zh: '厂家的记录里没有这些序列号', en: 'The maker’s records do not have these serial numbers' },
    todo: {
      zh: '厂家核对：补记赋码，或说明这些号码不是它的。在此之前请单独存放。',
      en: 'The maker checks: it records their making, or says that the numbers are not its own. Keep them apart until then.',
    },
  },
  label: {
    days: 3,
    locks: true,
    title: { zh: '包装与记录不一致', en: 'Package and record differ' },
    todo: {
      zh: '对照包装与记录；记错的一方声明更正。在此之前请单独存放。',
      en: 'Compare package and record; whoever is wrong declares it. Keep them apart until then.',
    },
  },
  excursion: {
    days: 3,
    locks: true,
    title: { zh: '运输或储存超温', en: 'Out of temperature range on the way or in store' },
    todo: {
      zh: '厂家评估后放行并说明理由，或者销毁。在此之前不能使用、不能发出。',
      en: 'The maker judges it and releases it with a reason, or it is destroyed. Until then it is neither used nor sent on.',
    },
  },
  recall: {
    days: 1,
    locks: true,
    title: { zh: '手里有被召回的产品', en: 'Recalled products are in your hands' },
    todo: {
      zh: '停止使用和发货，单独存放，按召回通知退回或销毁。',
      en: 'Stop using and sending them, keep them apart, and return or destroy them as the recall says.',
    },
  },
} as const satisfies Record<string, { days: number; locks: boolean; title: Bilingual; todo: Bilingual }>;

export type ExceptionKind = keyof typeof EXCEPTIONS;
export const EXCEPTION_KINDS = Object.keys(EXCEPTIONS) as ExceptionKind[];

export type ExceptionState = 'open' | 'clarifying' | 'quarantined' | 'resolved';

const DAY = 86_400_000;

export const deadlineOf = (kind: ExceptionKind, openedAt: number): number =>
  openedAt + EXCEPTIONS[kind].days * DAY;

/** Goods that may hurt somebody are set aside from the first moment. */
export const firstState = (kind: ExceptionKind): ExceptionState =>
  kind === 'excursion' || kind === 'recall' ? 'quarantined' : 'open';

export type Step = 'take-on' | 'quarantine' | 'note';

/** Who may do what by hand; resolving is not among it. Null: it may not be done. */
export function afterStep(state: ExceptionState, step: Step): ExceptionState | null {
  if (state === 'resolved') return null;
  if (step === 'note') return state;
  if (step === 'take-on') return state === 'open' ? 'clarifying' : null;
  return state === 'quarantined' ? null : 'quarantined';
}

/** The parties of what happened, by GLN; null where unknown. */
export interface Sides {
  readonly site: string | null;
  readonly source: string | null;
  readonly destination: string | null;
  readonly maker: string | null;
}

/** Who must act, and who else is concerned. The first that is known owns it. */
export function ownerOf(kind: ExceptionKind, sides: Sides): { owner: string | null; other: string | null } {
  const { site, source, destination, maker } = sides;
  const order: Record<ExceptionKind, readonly (string | null)[]> = {
    'not-shipped': [source, site],
    'not-received': [destination, site],
    quantity: [source ?? site, destination],
    'not-held': [site, destination],
    'received-twice': [site, source],
    'unknown-serial': [maker, site],
    label: [maker, site],
    excursion: [maker, site],
    recall: [site, maker],
  };
  const known = order[kind].filter((one) => one !== null);
  return { owner: known[0] ?? null, other: known.find((one) => one !== known[0]) ?? null };
}
