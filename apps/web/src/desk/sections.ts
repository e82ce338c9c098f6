/** What an organisation's desk has, by its kind: a section is one line here and one route in the router. */
import type { Key } from '../shell/words.ts';
import type { OrganisationKind } from '../state/desk-store.ts';

interface Section {
  readonly to: '/desk/visits' | '/desk/register' | '/desk/badge' | '/desk/ask';
  readonly key: Key;
  readonly icon: string;
  readonly kinds: readonly OrganisationKind[];
}

const SECTIONS: readonly Section[] = [
  { to: '/desk/visits', key: 'desk.visits', icon: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5', kinds: ['clinic'] },
  {
    to: '/desk/register',
    key: 'register.title',
    icon: 'M5 3h11l3 3v15H5zM9 8h6M9 12h6M9 16h3',
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
];

export const sectionsOf = (kind: OrganisationKind): readonly Section[] =>
  SECTIONS.filter(({ kinds }) => kinds.includes(kind));
