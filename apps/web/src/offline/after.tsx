/** Starts the worker that keeps the shell, and offers a new version when one is there. */
import { useEffect } from 'react';
import { Toasts, toast } from '../look/toasts.tsx';
import { t } from '../shell/words.ts';

async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const registration = await navigator.serviceWorker.register('/worker.js');
  const offer = (fresh: ServiceWorker) => {
    toast(t('offline.newVersion'), {
      label: t('offline.reload'),
      run: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
        fresh.postMessage('take-over');
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
