/** What all devices of a person were told, newest first; reading it marks it as read. */
import { useQuery } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { Card, Refusal } from '../look/parts.tsx';
import { date, t } from '../shell/words.ts';
import { now } from '../state/apis.ts';

export function Told({ vault }: { vault: Vault }) {
  const list = useQuery({
    queryKey: ['vault-notices'],
    refetchInterval: 10_000,
    queryFn: async () => {
      const { notices } = await vault.io.api.call(vaultApi.readNotices, { query: { after: 0 } });
      const last = notices.at(-1)?.n ?? 0;
      if (last > vault.contents.noticed)
        await vault.update((contents) => ({ ...contents, noticed: Math.max(last, contents.noticed) }));
      return [...notices].reverse();
    },
  });
  if (list.error) return <Refusal error={list.error} />;
  if (!list.data?.length) return null;
  return (
    <Card title={t('mykeys.notices')}>
      <ul className="list-none m-0 p-0">
        {list.data.map(({ n, kind, at }) => (
          <li
            key={n}
            className="border-t border-line first:border-0 py-2 flex flex-wrap justify-between gap-x-4"
          >
            <span>{t(`notice.${kind}`)}</span>
            <span className="soft text-sm">{date(at, now(), true)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
