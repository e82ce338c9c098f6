/** The places of a seat: a bar at the bottom of a phone, a rail at the side of a desk. */
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { Icon, PLACE, type Place } from './place.tsx';

const More = lazy(() => import('./more.tsx'));

/** A bar has room for so many; if there are more, the last one opens the rest. */
const ROOM = { phone: 5, tablet: 8 };

export function Navigation({
  label,
  places,
  rail,
  children,
}: {
  label: string;
  places: readonly Place[];
  /** Classes of the rail. */
  rail: string;
  /** Above the places, on the rail only. */
  children?: ReactNode;
}) {
  const rest = (room: number) => (places.length > room ? places.slice(room - 1) : []);
  const [phone, tablet] = [rest(ROOM.phone), rest(ROOM.tablet)];
  return (
    <nav
      aria-label={label}
      className={`no-print fixed bottom-0 inset-x-0 z-10 border-t lg:border-t-0 lg:border-r border-line bg-paper justify-around lg:flex lg:flex-col lg:justify-start lg:gap-1 lg:p-4 lg:shrink-0 pb-[env(safe-area-inset-bottom)] ${rail} ${places.length > 0 ? 'flex' : 'hidden'}`}
    >
      {children}
      {places.map((place) => (
        <Link
          key={place.to}
          to={place.to}
          activeOptions={{ exact: place.to === '/' }}
          className={`${PLACE} ${tablet.includes(place) ? 'max-lg:hidden' : phone.includes(place) ? 'max-sm:hidden' : ''}`}
        >
          <Icon d={place.icon} />
          {place.label}
          {place.mark}
        </Link>
      ))}
      {phone.length > 0 ? (
        <Suspense fallback={null}>
          <More places={phone} onTablet={tablet} />
        </Suspense>
      ) : null}
    </nav>
  );
}
