/** What an organisation's desk has, by its kind: a section is one line here and one route in the router. */
import type { Key } from '../shell/words.ts';
import type { OrganisationKind } from '../state/desk-store.ts';

interface Section {
  readonly to:
    | '/desk/visits'
    | '/desk/shared'
    | '/desk/goods-in'
    | '/desk/stock'
    | '/desk/devices'
    | '/desk/toxin'
    | '/desk/alerts'
    | '/desk/recalls'
    | '/desk/site-notices'
    | '/desk/cases';
  readonly key: Key;
  readonly icon: string;
  readonly kinds: readonly OrganisationKind[];
}

const SECTIONS: readonly Section[] = [
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
    to: '/desk/stock',
    key: 'nav.stock',
    icon: 'M4 7 12 3l8 4v10l-8 4-8-4zM4 7l8 4 8-4M12 11v10',
    kinds: ['clinic'],
  },
  {
    to: '/desk/devices',
    key: 'nav.devices',
    icon: 'M5 4h10v8H5zM8 12v8M12 12v8M6 20h8M15 8h3a2 2 0 0 1 2 2v7',
    kinds: ['clinic'],
  },
  {
    to: '/desk/toxin',
    key: 'nav.toxin',
    icon: 'M9 3h6M10 3v5l-4 9v3h12v-3l-4-9V3M8 14h8',
    kinds: ['clinic'],
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
];

export const sectionsOf = (kind: OrganisationKind): readonly Section[] =>
  SECTIONS.filter(({ kinds }) => kinds.includes(kind));
