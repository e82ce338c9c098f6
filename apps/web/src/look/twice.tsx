/** What cannot be taken back is asked once more. */
import { useState } from 'react';
import { Ask } from './ask.tsx';
import { Button } from './button.tsx';

export function Twice({
  label,
  text,
  busy,
  onYes,
}: {
  label: string;
  text: string;
  busy: boolean;
  onYes(): void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" busy={busy} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Ask danger open={open} onOpenChange={setOpen} title={label} text={text} yes={label} onYes={onYes} />
    </>
  );
}
