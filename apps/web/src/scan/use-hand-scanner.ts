/** Hears a hand scanner wherever the focus is, before any field does: its separator never reaches one. */
import { useEffect, useRef } from 'react';
import { createWedge } from './wedge.ts';

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

export function useHandScanner(onCode: (code: string) => void): void {
  const latest = useRef(onCode);
  latest.current = onCode;
  useEffect(() => {
    const hear = createWedge();
    const listen = (event: KeyboardEvent) => {
      const { key, code, ctrlKey, metaKey, altKey: alt, shiftKey: shift, timeStamp: at } = event;
      const heard = hear({ key, code, ctrl: ctrlKey || metaKey, alt, shift, at });
      if (heard.kind === 'nothing') return;
      // a field keeps what is typed into it: only the end of a burst tells a scanner from a person
      if (heard.kind === 'typing' && isField(event.target)) return;
      // its Enter must not press the button that has the focus
      event.preventDefault();
      event.stopImmediatePropagation();
      if (heard.kind === 'scan') latest.current(heard.code);
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
}
