/** The places that have no room on a bar, on a sheet. */
import { Dialog } from '@base-ui/react/dialog';
import { Link, useMatchRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { Icon, PLACE, type Place } from './place.tsx';
import { t } from './words.ts';

export default function More({
  places,
  onTablet,
}: {
  places: readonly Place[];
  /** Those of them that have no room on a tablet either. */
  onTablet: readonly Place[];
}) {
  const [open, setOpen] = useState(false);
  const matches = useMatchRoute();
  const here = places.some(({ to }) => matches({ to, fuzzy: true }) !== false);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => setOpen(next)}>
      <Dialog.Trigger
        className={`${PLACE} ${onTablet.length > 0 ? 'lg:hidden' : 'sm:hidden'} border-0 bg-transparent cursor-pointer ${here ? 'text-plum' : ''}`}
      >
        <Icon d="M6 12h.01M12 12h.01M18 12h.01" bold />
        {t('nav.more')}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="sheet">
          <Dialog.Title className="text-xl font-semibold m-0">{t('nav.more')}</Dialog.Title>
          <ul className="list-none m-0 p-0">
            {places.map((place) => (
              <li
                key={place.to}
                className={`border-t border-line first:border-0 ${onTablet.includes(place) ? '' : 'sm:hidden'}`}
              >
                <Link
                  to={place.to}
                  className="flex items-center gap-4 min-h-14 no-underline text-ink aria-[current=page]:text-plum"
                  onClick={() => setOpen(false)}
                >
                  <Icon d={place.icon} />
                  {place.label}
                  {place.mark}
                </Link>
              </li>
            ))}
          </ul>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
