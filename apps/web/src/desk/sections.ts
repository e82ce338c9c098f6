/** What an organisation's desk has, by its kind: a section is one line here and one route in the router. */
import type { Key } from '../shell/words.ts';
import type { OrganisationKind } from '../state/desk-store.ts';

interface Section {
  readonly to: '/desk/visits' | '/desk/recalls' | '/desk/site-notices' | '/desk/cases';
  readonly key: Key;
  readonly icon: string;
  readonly kinds: readonly OrganisationKind[];
}

const SECTIONS: readonly Section[] = [
  { to: '/desk/visits', key: 'desk.visits', icon: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5', kinds: ['clinic'] },
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
