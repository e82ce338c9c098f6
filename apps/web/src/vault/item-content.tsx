/** A thing of the vault, opened: it is decrypted for as long as it is on the screen. */
import { useQuery } from '@tanstack/react-query';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { Loaded } from '../look/loaded.tsx';
import { Content } from './content.tsx';

export function ItemContent({ vault, item }: { vault: Vault; item: Item }) {
  const read = useQuery({
    queryKey: ['vault-item', item.object, item.version],
    queryFn: () => vault.read(item),
    gcTime: 0,
  });
  return (
    <Loaded query={read} lines={1}>
      {(bytes) => <Content kind={item.kind} mime={item.mime} title={item.title} bytes={bytes} />}
    </Loaded>
  );
}
