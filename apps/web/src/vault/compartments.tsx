/** What is kept, compartment by compartment: how much, who else may see it, and each thing itself. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { Compartment } from '@zhenmei/vault/core/content-keys.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { useState } from 'react';
import { FactsEditor } from '../health/facts-editor.tsx';
import { Button } from '../look/button.tsx';
import { Card, Pill, Refusal } from '../look/parts.tsx';
import { saveFile } from '../look/save.ts';
import { date, say, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';
import { RESTRICTED, restricted } from '../state/rights.ts';
import { AllergyEditor } from './allergy-editor.tsx';
import { ItemContent } from './item-content.tsx';
import { ItemRights } from './item-rights.tsx';
import { compartmentName, sizeOf, titleOf } from './words.ts';

/** What a person looks for first comes first. */
const ORDER: readonly Compartment[] = [
  'treatments',
  'face-photos',
  'allergies',
  'skin-measures',
  'genetics',
  'messages',
  'identity',
];

export function Compartments({ vault, holding }: { vault: Vault; holding: readonly string[] }) {
  const filled = new Set(vault.contents.items.map(({ compartment }) => compartment));
  // allergies can be declared where there are none yet
  const shown = ORDER.filter((compartment) => filled.has(compartment) || compartment === 'allergies');
  const empty = ORDER.filter((compartment) => !shown.includes(compartment));
  return (
    <>
      <h2 className="text-xl font-semibold m-0 mt-2">{t('keep.title')}</h2>
      {shown.map((compartment) => (
        <One key={compartment} vault={vault} compartment={compartment} holding={holding} />
      ))}
      {empty.length > 0 ? (
        <Card>
          <p className="m-0 soft">{t('keep.empty', { names: empty.map(compartmentName).join(' · ') })}</p>
        </Card>
      ) : null}
    </>
  );
}

function One({
  vault,
  compartment,
  holding,
}: {
  vault: Vault;
  compartment: Compartment;
  holding: readonly string[];
}) {
  const items = vault.contents.items.filter((item) => item.compartment === compartment);
  const size = items.reduce((sum, item) => sum + item.size, 0);
  const names = seenBy(vault, compartment, items, holding);
  return (
    <Card title={compartmentName(compartment)}>
      <div className="flex flex-wrap justify-between gap-x-4">
        <span className="soft">
          {items.length > 0 ? t('keep.count', { n: items.length, size: sizeOf(size) }) : t('keep.nothing')}
        </span>
        {items.length > 0 ? (
          <Pill tone={names ? 'amber' : 'jade'}>
            {names ? t('keep.seenBy', { names }) : t('keep.nobody')}
          </Pill>
        ) : null}
      </div>
      {items.length > 0 ? (
        <ul className="list-none m-0 p-0">
          {[...items]
            .sort((a, b) => b.at.localeCompare(a.at))
            .map((item) => (
              <Row key={item.object} vault={vault} item={item} />
            ))}
        </ul>
      ) : null}
      {compartment === 'allergies' ? (
        <>
          <AllergyEditor vault={vault} />
          <FactsEditor vault={vault} />
        </>
      ) : null}
    </Card>
  );
}

/** Names of whoever holds a permission for the compartment, or for something in it. */
function seenBy(
  vault: Vault,
  compartment: Compartment,
  items: readonly Item[],
  holding: readonly string[],
): string {
  const names = holding.flatMap((id) => {
    const note = vault.contents.grants[id];
    const covers =
      note?.compartments.includes(compartment) || items.some(({ object }) => note?.objects.includes(object));
    return note && covers ? [say(note.name)] : [];
  });
  return [...new Set(names)].join(' · ');
}

function Row({ vault, item }: { vault: Vault; item: Item }) {
  const [open, setOpen] = useState(false);
  const hidden = useQuery({ queryKey: RESTRICTED, queryFn: restricted });
  const save = useMutation({
    mutationFn: async () => saveFile(item.title, await vault.read(item), item.mime),
  });
  const title = titleOf(item);
  const isRestricted = hidden.data?.includes(item.object) ?? false;
  return (
    <li className="border-t border-line first:border-0 py-2 flex flex-col gap-2">
      <div className="flex items-center justify-between gap-3">
        <span className="min-w-0">
          <span className="font-medium block break-words">{title}</span>
          <span className="soft text-sm block">
            {date(item.at, now())} · {sizeOf(item.size)}
          </span>
          {isRestricted ? <Pill tone="amber">{t('rights.restricted')}</Pill> : null}
        </span>
        <Button className="btn-small shrink-0" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? 'keep.close' : 'keep.open')}
          <span className="sr-only"> {title}</span>
        </Button>
      </div>
      {open ? (
        <>
          <ItemContent vault={vault} item={item} />
          <Button className="btn-small self-start" busy={save.isPending} onClick={() => save.mutate()}>
            {t('keep.download')}
          </Button>
          {item.kind === 'receipt' ? null : (
            <ItemRights vault={vault} item={item} title={title} restricted={isRestricted} />
          )}
        </>
      ) : null}
      {save.error ? <Refusal error={save.error} /> : null}
    </li>
  );
}
