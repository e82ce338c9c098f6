/** What an organisation's desk has, by its kind: a section is one line here and one route in the router. */
import type { Key } from '../shell/words.ts';
import type { OrganisationKind } from '../state/desk-store.ts';

interface Section {
  readonly to:
    | '/desk/visits'
    | '/desk/settlement'
    | '/desk/prices'
    | '/desk/shared'
    | '/desk/emergency'
    | '/desk/misuse'
    | '/desk/breach'
    | '/desk/goods-in'
    | '/desk/stock'
    | '/desk/devices'
    | '/desk/guarantee'
    | '/desk/guarantee-book'
    | '/desk/insurer'
    | '/desk/guarantee-pool'
    | '/desk/toxin'
    | '/desk/alerts'
    | '/desk/recalls'
    | '/desk/site-notices'
    | '/desk/cases'
    | '/desk/products'
    | '/desk/lots'
    | '/desk/shipments'
    | '/desk/holdings'
    | '/desk/inbox'
    | '/desk/register'
    | '/desk/badge'
    | '/desk/ask'
    | '/desk/studies'
    | '/desk/loans'
    | '/desk/panels'
    | '/desk/check'
    | '/desk/checks'
    | '/desk/mediations'
    | '/desk/assessors'
    | '/desk/sign-in-devices';
  readonly key: Key;
  readonly icon: string;
  readonly kinds: readonly OrganisationKind[];
}

/** In the order of the day; on a phone the first four stand on the bar. */
const SECTIONS: readonly Section[] = [
  {
    to: '/desk/loans',
    key: 'lend.title',
    icon: 'M4 8h16v10H4zM4 8l2-3h12l2 3M12 15a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
    kinds: ['lender'],
  },
  { to: '/desk/visits', key: 'desk.visits', icon: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5', kinds: ['clinic'] },
  {
    to: '/desk/shared',
    key: 'shared.title',
    icon: 'M6 10h12v10H6zM9 10V7a3 3 0 0 1 6 0v3M12 14v3',
    kinds: ['clinic'],
  },
  {
    to: '/desk/goods-in',
    key: 'nav.goodsIn',
    icon: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M12 7v8M9 12l3 3 3-3',
    kinds: ['clinic'],
  },
  {
    to: '/desk/products',
    key: 'nav.products',
    icon: 'M9 3h6v4H9zM7 7h10v14H7zM7 12h10M7 16h10',
    kinds: ['maker'],
  },
  {
    to: '/desk/lots',
    key: 'nav.lots',
    icon: 'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h3v3h-3zM17 17h3v3h-3z',
    kinds: ['maker'],
  },
  {
    to: '/desk/shipments',
    key: 'nav.shipments',
    icon: 'M3 6h11v10H3zM14 10h4l3 3v3h-7zM7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
    kinds: ['maker', 'distributor'],
  },
  {
    to: '/desk/stock',
    key: 'nav.stock',
    icon: 'M4 7 12 3l8 4v10l-8 4-8-4zM4 7l8 4 8-4M12 11v10',
    kinds: ['clinic'],
  },
  {
    to: '/desk/holdings',
    key: 'nav.stock',
    icon: 'M3 9l9-5 9 5v11H3zM7 20v-8h10v8M7 16h10',
    kinds: ['distributor'],
  },
  {
    to: '/desk/inbox',
    key: 'nav.inbox',
    icon: 'M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5',
    kinds: ['maker', 'distributor', 'clinic'],
  },
  {
    to: '/desk/devices',
    key: 'nav.devices',
    icon: 'M5 4h10v8H5zM8 12v8M12 12v8M6 20h8M15 8h3a2 2 0 0 1 2 2v7',
    kinds: ['clinic'],
  },
  {
    to: '/desk/guarantee',
    key: 'guarantee.desk',
    icon: 'M12 3 5 6v6c0 4 3 7.5 7 9 4-1.5 7-5 7-9V6zM9 12l2 2 4-4',
    kinds: ['clinic'],
  },
  {
    to: '/desk/insurer',
    key: 'insurer.desk',
    icon: 'M12 3 5 6v6c0 4 3 7.5 7 9 4-1.5 7-5 7-9V6zM9 12l2 2 4-4',
    kinds: ['insurer'],
  },
  {
    to: '/desk/guarantee-pool',
    key: 'backing.pool.desk',
    icon: 'M12 3 5 6v6c0 4 3 7.5 7 9 4-1.5 7-5 7-9V6zM9 12l2 2 4-4',
    kinds: ['lender'],
  },
  {
    to: '/desk/guarantee-book',
    key: 'guarantee.book',
    icon: 'M12 3 5 6v6c0 4 3 7.5 7 9 4-1.5 7-5 7-9V6zM9 12l2 2 4-4',
    kinds: ['regulator'],
  },
  {
    to: '/desk/toxin',
    key: 'nav.toxin',
    icon: 'M9 3h6M10 3v5l-4 9v3h12v-3l-4-9V3M8 14h8',
    kinds: ['clinic'],
  },
  {
    to: '/desk/settlement',
    key: 'settle.title',
    icon: 'M5 3h14v18l-3-2-2 2-2-2-2 2-2-2-3 2zM9 8h6M9 12h6',
    kinds: ['clinic'],
  },
  {
    to: '/desk/prices',
    key: 'prices.title',
    icon: 'M4 12V4h8l8 8-8 8zM8 8v.1',
    kinds: ['clinic'],
  },
  {
    to: '/desk/emergency',
    key: 'nav.er',
    icon: 'M9 3h6v6h6v6h-6v6H9v-6H3V9h6z',
    kinds: ['clinic'],
  },
  {
    to: '/desk/misuse',
    key: 'nav.misuse',
    icon: 'M9 3h6v6h6v6h-6v6H9v-6H3V9h6zM12 9v4M12 15v.1',
    kinds: ['regulator'],
  },
  {
    to: '/desk/breach',
    key: 'nav.breach',
    icon: 'M12 3 5 6v6c0 4 3 7.5 7 9 4-1.5 7-5 7-9V6zM12 8l-2 4h4l-2 4',
    kinds: ['regulator'],
  },
  { to: '/desk/alerts', key: 'nav.alerts', icon: 'M12 4 3 20h18zM12 10v5M12 17.5v.5', kinds: ['regulator'] },
  {
    to: '/desk/site-notices',
    key: 'desk.siteNotices',
    icon: 'M12 4 2.5 20h19zM12 10v5M12 17.5v.5',
    kinds: ['clinic', 'distributor'],
  },
  {
    to: '/desk/recalls',
    key: 'desk.recalls',
    icon: 'M12 4 2.5 20h19zM12 10v5M12 17.5v.5',
    kinds: ['maker', 'regulator'],
  },
  {
    to: '/desk/cases',
    key: 'desk.cases',
    icon: 'M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 21 21',
    kinds: ['maker', 'regulator'],
  },
  {
    to: '/desk/register',
    key: 'register.title',
    icon: 'M5 3h11l3 3v15H5zM9 8h6M9 12h6M9 16h3',
    kinds: ['regulator'],
  },
  {
    to: '/desk/panels',
    key: 'panels.title',
    icon: 'M12 4v16M6 20h12M5 8h14M5 8l-2 6h4zM19 8l-2 6h4z',
    kinds: ['assessor'],
  },
  {
    to: '/desk/checks',
    key: 'check.queue',
    icon: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4',
    kinds: ['assessor', 'regulator'],
  },
  {
    to: '/desk/check',
    key: 'check.name',
    icon: 'M12 3l8 3v6c0 5-4 8-8 9-4-1-8-4-8-9V6zM9 12l2 2 4-4',
    kinds: ['clinic'],
  },
  {
    to: '/desk/mediations',
    key: 'mediation.title',
    icon: 'M4 5h11v8H8l-4 3zM9 16h7l4 3V9h-3',
    kinds: ['regulator'],
  },
  {
    to: '/desk/assessors',
    key: 'assessors.title',
    icon: 'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 3-5 6-5s6 2 6 5M16 7l2 2 4-4',
    kinds: ['regulator'],
  },
  {
    to: '/desk/badge',
    key: 'badge.title',
    icon: 'M4 6h16v13H4zM9 11a2 2 0 1 0 0-.1M7 16h5M14 10h4M14 13h4',
    kinds: ['clinic'],
  },
  {
    to: '/desk/ask',
    key: 'askfor.title',
    icon: 'M4 5h16v11H9l-5 4zM12 8v4M12 14v.1',
    kinds: ['clinic', 'maker'],
  },
  {
    to: '/desk/studies',
    key: 'study.title',
    icon: 'M5 20V10M10 20V4M15 20v-7M20 20V8',
    kinds: ['regulator', 'clinic'],
  },
  {
    to: '/desk/sign-in-devices',
    key: 'signin.title',
    icon: 'M7 3h10v18H7zM11 18h2M10 9.5l1.5 1.5L15 7.5',
    kinds: ['clinic', 'maker', 'distributor', 'insurer', 'regulator'],
  },
];

export const sectionsOf = (kind: OrganisationKind): readonly Section[] =>
  SECTIONS.filter(({ kinds }) => kinds.includes(kind));
