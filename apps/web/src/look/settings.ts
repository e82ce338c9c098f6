/** How a person wants to see the app: light or dark, and large text. Kept on this device. */
export type Theme = 'light' | 'dark' | 'system';

const root = document.documentElement;

export const theme = (): Theme => (root.dataset.theme as 'light' | 'dark' | undefined) ?? 'system';

export function setTheme(next: Theme): void {
  if (next === 'system') delete root.dataset.theme;
  else root.dataset.theme = next;
  localStorage.setItem('zm-theme', next);
}

export function setElder(on: boolean): void {
  if (on) root.dataset.elder = '';
  else delete root.dataset.elder;
  if (on) localStorage.setItem('zm-elder', '1');
  else localStorage.removeItem('zm-elder');
}

export function startSettings(): void {
  if (localStorage.getItem('zm-elder')) root.dataset.elder = '';
  const kept = localStorage.getItem('zm-theme');
  if (kept === 'light' || kept === 'dark') root.dataset.theme = kept;
}
