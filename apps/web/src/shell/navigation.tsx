/** The places of a seat: a bar at the bottom of a phone, a rail at the side of a desk. */
import { Dialog } from '@base-ui/react/dialog';
import { Link, useMatchRoute } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { t } from './words.ts';

export interface Place {
  readonly to: string;
  readonly icon: string;
  readonly label: string;
  /** What waits there, in a few characters. */
  readonly mark?: ReactNode;
}

/** A phone's bar has room for so many; if there are more, the last one opens the rest. */
const ROOM = 5;
const MORE = 'M6 12h.01M12 12h.01M18 12h.01';
const PLACE =
  'relative flex flex-col lg:flex-row items-center gap-1 lg:gap-3 px-2 py-2 min-w-14 min-h-14 justify-center lg:justify-start no-underline text-soft text-xs lg:text-base rounded-card aria-[current=page]:text-plum';

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
  const rest = places.length > ROOM ? places.slice(ROOM - 1) : [];
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
          className={`${PLACE} ${rest.includes(place) ? 'max-sm:hidden' : ''}`}
        >
          <Icon d={place.icon} />
          {place.label}
          {place.mark}
        </Link>
      ))}
      {rest.length > 0 ? <More places={rest} /> : null}
    </nav>
  );
}

function More({ places }: { places: readonly Place[] }) {
  const [open, setOpen] = useState(false);
  const matches = useMatchRoute();
  const here = places.some(({ to }) => matches({ to, fuzzy: true }) !== false);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => setOpen(next)}>
      <Dialog.Trigger
        className={`${PLACE} sm:hidden border-0 bg-transparent cursor-pointer ${here ? 'text-plum' : ''}`}
      >
        <Icon d={MORE} />
        {t('nav.more')}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="sheet">
          <Dialog.Title className="text-xl font-semibold m-0">{t('nav.more')}</Dialog.Title>
          <ul className="list-none m-0 p-0">
            {places.map(({ to, icon, label, mark }) => (
              <li key={to} className="border-t border-line first:border-0">
                <Link
                  to={to}
                  className="flex items-center gap-4 min-h-14 no-underline text-ink aria-[current=page]:text-plum"
                  onClick={() => setOpen(false)}
                >
                  <Icon d={icon} />
                  {label}
                  {mark}
                </Link>
              </li>
            ))}
          </ul>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Icon({ d }: { d: string }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentColor"
      strokeWidth={d === MORE ? 3 : 1.8}
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <path d={d} />
    </svg>
  );
}
