/** Earlier imports, each of which can be taken back as a whole. */
import { useMutation } from '@tanstack/react-query';
import { undoImport } from '@zhenmei/client/vault/import-files.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { type Batch, batchesOf } from '@zhenmei/vault/core/import/batch.ts';
import { useState } from 'react';
import { Ask } from '../look/ask.tsx';
import { Button } from '../look/button.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { toast } from '../look/toasts.tsx';
import { t } from '../shell/words.ts';

export function Past({ vault }: { vault: Vault }) {
  const batches = batchesOf(vault.contents);
  return (
    <Card title={t('bring.past')}>
      {batches.length === 0 ? <p className="m-0 soft">{t('bring.past.none')}</p> : null}
      <ul className="list-none m-0 p-0">
        {batches.toReversed().map((batch) => (
          <Row key={batch.source} vault={vault} batch={batch} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ vault, batch: { source, kind, items } }: { vault: Vault; batch: Batch }) {
  const [asking, setAsking] = useState(false);
  const undo = useMutation({
    mutationFn: () => undoImport(vault, source),
    onSuccess: (n) => toast(t('bring.undone', { n })),
  });
  const names = items.slice(0, 3).map(({ title }) => title);
  return (
    <li className="border-t border-line first:border-0 py-3 flex flex-wrap items-center justify-between gap-3">
      <span className="min-w-0">
        <span className="font-medium block">
          {t(`bring.past.${kind}`)} · {t('bring.past.count', { n: items.length })}
        </span>
        <span className="soft text-sm break-words">{names.join(' · ')}</span>
      </span>
      <Button className="btn-small" kind="danger" busy={undo.isPending} onClick={() => setAsking(true)}>
        {t('bring.undo')}
      </Button>
      {undo.error ? <Refusal error={undo.error} /> : null}
      <Ask
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('bring.undo.ask')}
        text={t('bring.undo.means', { n: items.length })}
        yes={t('bring.undo')}
        onYes={() => undo.mutate()}
      />
    </li>
  );
}
