import { Link } from '@tanstack/react-router';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { AREAS } from '@zhenmei/vault/core/timeline/areas.ts';
import type { Entry } from '@zhenmei/vault/core/timeline/timeline.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { say, t } from '../shell/words.ts';
import { ItemContent } from '../vault/item-content.tsx';
import { titleOf, whenText } from '../vault/words.ts';

export function EntryRow({ vault, entry }: { vault: Vault; entry: Entry }) {
  const [open, setOpen] = useState(false);
  const { item, kind, at, text, areas } = entry;
  const fromFile = item.kind === 'fhir';
  const title = fromFile ? (entry.title ?? t(`line.${kind}`)) : titleOf(item);
  const visit = item.source.startsWith('clinic:') ? item.source.slice('clinic:'.length) : null;
  return (
    <li className="card flex flex-col gap-2">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="m-0 soft text-sm">
            {at ? whenText(at) : t('line.noTime')} · {t(`line.${kind}`)}
          </p>
          <h3 className="text-base font-semibold m-0 break-words">{title}</h3>
          {text ? <p className="m-0 break-words">{text}</p> : null}
          {areas.length > 0 ? (
            <p className="m-0 soft text-sm">{areas.map((area) => say(AREAS[area])).join(' · ')}</p>
          ) : null}
          {fromFile ? <p className="m-0 soft text-sm">{t('line.from', { name: item.title })}</p> : null}
        </div>
        {fromFile ? null : (
          <Button className="btn-small shrink-0 no-print" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t(open ? 'keep.close' : 'keep.open')}
            <span className="sr-only"> {title}</span>
          </Button>
        )}
      </div>
      {open ? <ItemContent vault={vault} item={item} /> : null}
      {visit ? (
        <Link
          to="/visits/$id/record"
          params={{ id: visit }}
          className="no-print inline-flex items-center min-h-11 w-fit"
        >
          {t('sealed.open')}
        </Link>
      ) : null}
    </li>
  );
}
