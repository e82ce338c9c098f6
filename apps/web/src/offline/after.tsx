/** Starts the worker that keeps the shell, and offers a new version when one is there. */
import { useEffect } from 'react';
import { Toasts, toast } from '../look/toasts.tsx';
import { t } from '../shell/words.ts';

async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/worker.js');
  let newest: ServiceWorker | null = null;
  const offer = (fresh: ServiceWorker) => {
    // said once: of several new versions it is the last that comes
    const offered = newest !== null;
    newest = fresh;
    if (offered) return;
    toast(t('offline.newVersion'), {
      label: t('offline.reload'),
      run: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        newest?.postMessage('take-over');
      },
    });
  };
  const watch = (fresh: ServiceWorker | null) => {
    fresh?.addEventListener('statechange', () => {
      // without a controller this is the first visit, not a new version
      if (fresh.state === 'installed' && navigator.serviceWorker.controller) offer(fresh);
    });
  };
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener('updatefound', () => watch(registration.installing));
}

/** What is loaded once the first page stands: short words, and the shell for the next time. */
export default function AfterFirstPage() {
  useEffect(() => void keepShell(), []);
  return <Toasts />;
}
