/** Chooses a file of this device; the browser's own control speaks the browser's language, not the page's. */
import { useState } from 'react';

export function FilePick({
  id,
  label,
  accept,
  onPick,
}: {
  id: string;
  label: string;
  accept: string;
  onPick(file: File): void;
}) {
  const [name, setName] = useState('');
  return (
    <div className="flex flex-col gap-1">
      <label className="btn relative">
        {label}
        <input
          id={id}
          type="file"
          accept={accept}
          className="sr-only"
          onChange={({ target }) => {
            const file = target.files?.[0];
            if (!file) return;
            setName(file.name);
            onPick(file);
            // so that the same file can be chosen again after it was changed
            target.value = '';
          }}
        />
      </label>
      {name ? <span className="soft text-sm break-all">{name}</span> : null}
    </div>
  );
}
