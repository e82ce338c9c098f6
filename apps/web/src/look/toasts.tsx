/** Short words about what just happened; they go by themselves, unless they ask for something. */
import { Toast } from '@base-ui/react/toast';
import { useEffect } from 'react';
import { t } from '../shell/words.ts';

const manager = Toast.createToastManager();
type Words = Parameters<typeof manager.add>[0];
/** What was said before there was a place to show it: that place is loaded after the first page. */
let early: Words[] | null = [];

/** @param action what can be done about it; then the words stay until they are answered */
export function toast(text: string, action?: { label: string; run(): void }): void {
  const words: Words = {
    description: text,
    ...(action ? { timeout: 0, actionProps: { children: action.label, onClick: action.run } } : {}),
  };
  if (early) early.push(words);
  else manager.add(words);
}

function List() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((one) => (
    <Toast.Root key={one.id} toast={one} className="toast" aria-label={String(one.description)}>
      <Toast.Description className="m-0 flex-1" />
      {one.actionProps ? <Toast.Action className="btn btn-small" /> : null}
      <Toast.Close className="btn-quiet" aria-label={t('close')}>
        ✕
      </Toast.Close>
    </Toast.Root>
  ));
}

export function Toasts() {
  // runs after the provider below listens
  useEffect(() => {
    const waiting = early ?? [];
    early = null;
    for (const words of waiting) manager.add(words);
    return () => {
      early = [];
    };
  }, []);
  return (
    <Toast.Provider toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className="toasts no-print">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}
