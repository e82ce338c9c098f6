/** Whether the last call got an answer: a browser says that it is online also where nothing can be reached. */
let reachable = navigator.onLine;
const watchers = new Set<() => void>();

function set(next: boolean): void {
  if (next === reachable) return;
  reachable = next;
  for (const watcher of watchers) watcher();
}

window.addEventListener('offline', () => set(false));
window.addEventListener('online', () => set(true));

export const isReachable = (): boolean => reachable;

export function watchReach(changed: () => void): () => void {
  watchers.add(changed);
  return () => watchers.delete(changed);
}

/** `fetch`, noticing whether anybody answered. */
export const reachingFetch: typeof fetch = async (input, init) => {
  try {
    const reply = await fetch(input, init);
    set(true);
    return reply;
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'AbortError')) set(false);
    throw error;
  }
};
