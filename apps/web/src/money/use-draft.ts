/** What somebody types outlives the form: the page around it changes with the agreement. Gone with the tab. */
import { useState } from 'react';

const drafts = new Map<string, unknown>();

/** @param name of the form, and of what it is about @returns what was typed, and how it changes */
export function useDraft<T>(name: string, empty: T): [T, (change: (before: T) => T) => void] {
  const kept = () => (drafts.has(name) ? (drafts.get(name) as T) : empty);
  const [draft, setDraft] = useState(kept);
  const set = (change: (before: T) => T) => {
    const next = change(kept());
    // at once: the form may be gone before it is drawn again
    drafts.set(name, next);
    setDraft(next);
  };
  return [draft, set];
}
