/** The patient's frame: content, and four places with the scan in the middle. */
import { Outlet } from '@tanstack/react-router';
import { RecallBanner } from '../look/recall-banner.tsx';
import { OfflineNotice } from '../offline/notice.tsx';
import { Navigation } from './navigation.tsx';
import { Switches } from './switches.tsx';
import { type Key, t } from './words.ts';

const PLACES: readonly { to: string; key: Key; icon: string }[] = [
  { to: '/', key: 'nav.home', icon: 'M3 11 12 4l9 7v9h-6v-6H9v6H3z' },
  { to: '/visits', key: 'nav.visits', icon: 'M5 4h14v16H5zM8 9h8M8 13h8M8 17h5' },
  { to: '/verify', key: 'nav.scan', icon: 'M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16' },
  {
    to: '/vault',
    key: 'nav.vault',
    icon: 'M4 5h16v15H4zM12 10v5M12 8.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3',
  },
  { to: '/me', key: 'nav.me', icon: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-4 4-6 8-6s8 2 8 6' },
];

export function Frame() {
  return (
    <div className="min-h-dvh flex flex-col lg:flex-row">
      <a href="#content" className="sr-only focus:not-sr-only btn">
        {t('nav.skip')}
      </a>
      <Navigation
        label={t('brand')}
        places={PLACES.map(({ to, key, icon }) => ({ to, icon, label: t(key) }))}
        rail="lg:static lg:w-52"
      />
      <div className="flex-1 min-w-0 w-full max-w-3xl mx-auto px-4 pt-3 pb-28 lg:pb-10">
        <Switches />
        <OfflineNotice />
        <RecallBanner />
        <main id="content" tabIndex={-1} className="outline-none">
          <Outlet />
        </main>
      </div>
    </div>
  );
}
