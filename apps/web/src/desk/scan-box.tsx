/** One place for every way of scanning: hand scanner anywhere on the page, typed code, camera, picture. */
import { scannerText } from '@zhenmei/gs1/core/scanner-text.ts';
import { type FormEvent, type KeyboardEvent, lazy, Suspense, useCallback, useRef, useState } from 'react';
import { Button } from '../look/button.tsx';
import { Field } from '../look/field.tsx';
import { useHandScanner } from '../scan/use-hand-scanner.ts';
import { characterOf } from '../scan/wedge.ts';
import { t } from '../shell/words.ts';

const Scanner = lazy(() => import('../scan/scanner.tsx'));

/** The separator as it is shown in the field. */
const SHOWN = '\u241d';
const GS = '\u001d';

export function ScanBox({ action, onCode }: { action: string; onCode(code: string): void }) {
  const [typed, setTyped] = useState('');
  const send = (text: string) => {
    const code = scannerText(text);
    if (code === '') return;
    setTyped('');
    onCode(code);
  };
  useHandScanner(send);
  // one function for ever: the camera must not start anew with every key
  const latest = useRef(send);
  latest.current = send;
  const sendLatest = useCallback((text: string) => latest.current(text), []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send(typed);
  };
  // a scanner that types into the field: its separator is a key that a field does not take
  const separator = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key, code, ctrlKey: ctrl } = event;
    if (characterOf({ key, code, ctrl, at: 0 }) !== GS) return;
    event.preventDefault();
    setTyped((text) => text + SHOWN);
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field
        label={t('goods.scan')}
        hint={t('goods.scanHint')}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={400}
        value={typed}
        onValueChange={setTyped}
        onKeyDown={separator}
      />
      <div className="flex gap-3 flex-wrap">
        <Button type="submit" kind="main" disabled={typed.trim() === ''}>
          {action}
        </Button>
        <Suspense fallback={null}>
          <Scanner keepOn onCode={sendLatest} />
        </Suspense>
      </div>
    </form>
  );
}
