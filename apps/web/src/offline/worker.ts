/**
 * Keeps the app's own files on the device, so that it opens without network. Answers about people, products or money
 * are never kept. The build fills in the names of the files; a new build is a new set, taken over when asked for.
 */
interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(kind: 'install' | 'activate', listener: (event: Waiting) => void): void;
  addEventListener(kind: 'fetch', listener: (event: Fetching) => void): void;
  addEventListener(kind: 'message', listener: (event: MessageEvent) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

/** Replaced by the build: the files of the shell, and the name of this set. */
declare const SHELL_FILES: readonly string[];
declare const SHELL_NAME: string;

const worker = self as unknown as Worker;
/** Addresses that the server answers itself; everything else without an ending is a page of the app. */
const SERVER = /^\/(?:api|log|docs|01|00|414|8004|events|capture|queries|livez|readyz)(?:\/|$)|\.\w+$/;

worker.addEventListener('install', (event) =>
  event.waitUntil(
    caches
      .open(SHELL_NAME)
      .then((cache) => cache.addAll(SHELL_FILES.map((file) => new Request(file, { cache: 'reload' })))),
  ),
);

worker.addEventListener('activate', (event) =>
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((n) => n !== SHELL_NAME).map((n) => caches.delete(n))))
      .then(() => worker.clients.claim()),
  ),
);

worker.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void worker.skipWaiting();
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (request.mode === 'navigate') {
    if (!SERVER.test(pathname)) event.respondWith(page(request));
  } else if (pathname.startsWith('/assets/') || SHELL_FILES.includes(pathname)) {
    event.respondWith(file(request));
  }
});

/** The newest page if there is a network, otherwise the kept one. */
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await caches.match('/index.html');
    if (!kept) throw error;
    return kept;
  }
}

/** What has its content's hash in its name never changes; what was used once stays. */
async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok && request.url.includes('/assets/')) {
    const cache = await caches.open(SHELL_NAME);
    await cache.put(request, fresh.clone());
  }
  return fresh;
}
