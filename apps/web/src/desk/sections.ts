/** What an organisation's desk has, by its kind: a section is one line here and one route in the router. */
import type { Key } from '../shell/words.ts';
import type { OrganisationKind } from '../state/desk-store.ts';

interface Section {
  readonly to: '/desk/visits';
  readonly key: Key;
  readonly icon: string;
  readonly kinds: readonly OrganisationKind[];
}

const SECTIONS: readonly Section[] = [
  { to: '/desk/visits', key: 'desk.visits', icon: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5', kinds: ['clinic'] },
];

export const sectionsOf = (kind: OrganisationKind): readonly Section[] =>
  SECTIONS.filter(({ kinds }) => kinds.includes(kind));
