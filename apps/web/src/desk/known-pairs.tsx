/** Pairs of pictures whose answer is known: how many there are, and one more. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { toBase64 } from '@zhenmei/kernel';
import { disputeApi } from '@zhenmei/money/dispute-api.ts';
import { useState } from 'react';
import { pictureOf } from '../dispute/pairs.ts';
import { BytesPicture } from '../dispute/picture.tsx';
import { Button } from '../look/button.tsx';
import { Choice } from '../look/choice.tsx';
import { FilePick } from '../look/file-pick.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { deskApi } from '../state/apis.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const KINDS = ['better', 'same'] as const;

export function KnownPairs() {
  const count = useQuery({
    queryKey: ['known-pairs'],
    queryFn: () => deskApi.call(disputeApi.knownPairs),
  });
  const [kind, setKind] = useState<(typeof KINDS)[number] | null>(null);
  const [files, setFiles] = useState<{ first?: Bytes; second?: Bytes }>({});
  const read = useMutation({
    mutationFn: async ({ which, file }: { which: 'first' | 'second'; file: File }) => {
      const bytes = await pictureOf(file);
      setFiles((was) => ({ ...was, [which]: bytes }));
    },
  });
  const add = useMutation({
    mutationFn: (body: { kind: (typeof KINDS)[number]; first: string; second: string }) =>
      deskApi.call(disputeApi.addKnownPair, { body }),
    onSuccess: () => setFiles({}),
    onSettled: () => void count.refetch(),
  });
  const { first, second } = files;
  return (
    <Card title={t('assessors.pairs')}>
      <p className="m-0 soft">{t('assessors.pairs.lead')}</p>
      {count.data ? <p className="m-0 font-medium">{t('assessors.pairs.n', count.data)}</p> : null}
      <Choice<(typeof KINDS)[number]>
        legend={t('assessors.pairs.kind')}
        value={kind}
        onChange={setKind}
        options={KINDS.map((value) => ({ value, label: t(`assessors.pairs.${value}`) }))}
      />
      <div className="grid grid-cols-2 gap-3">
        {(['first', 'second'] as const).map((which) => {
          const bytes = files[which];
          return (
            <div key={which} className="flex flex-col gap-2 min-w-0">
              {bytes ? <BytesPicture bytes={bytes} title={t(`assessors.pairs.${which}`)} /> : null}
              <FilePick
                id={`known-${which}`}
                label={t(`assessors.pairs.${which}`)}
                accept="image/jpeg,image/png"
                onPick={(file) => read.mutate({ which, file })}
              />
            </div>
          );
        })}
      </div>
      <Button
        disabled={!kind || !first || !second}
        busy={add.isPending}
        onClick={() =>
          kind && first && second && add.mutate({ kind, first: toBase64(first), second: toBase64(second) })
        }
      >
        {t('assessors.pairs.add')}
      </Button>
      {add.isSuccess ? (
        <p className="m-0" role="status">
          {t('assessors.pairs.added')}
        </p>
      ) : null}
      {read.error || add.error ? <Refusal error={read.error ?? add.error} /> : null}
    </Card>
  );
}
