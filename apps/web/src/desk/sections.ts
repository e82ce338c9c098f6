/** What an organisation's desk has, by its kind: a section is one line here and one route in the router. */
import type { Key } from '../shell/words.ts';
import type { OrganisationKind } from '../state/desk-store.ts';

interface Section {
  readonly to:
    | '/desk/visits'
    | '/desk/products'
    | '/desk/lots'
    | '/desk/shipments'
    | '/desk/holdings'
    | '/desk/inbox';
  readonly key: Key;
  readonly icon: string;
  readonly kinds: readonly OrganisationKind[];
}

const SECTIONS: readonly Section[] = [
  { to: '/desk/visits', key: 'desk.visits', icon: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5', kinds: ['clinic'] },
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
];

export const sectionsOf = (kind: OrganisationKind): readonly Section[] =>
  SECTIONS.filter(({ kinds }) => kinds.includes(kind));
