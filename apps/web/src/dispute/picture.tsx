/** A square picture from bytes, whatever kind they say they are. */
import { Picture } from '../look/picture.tsx';

const mimeOf = (bytes: Uint8Array): string =>
  bytes[0] === 0x89 ? 'image/png' : bytes[0] === 0x52 ? 'image/webp' : 'image/jpeg';

export function BytesPicture({ bytes, title }: { bytes: Uint8Array<ArrayBuffer>; title: string }) {
  return (
    <Picture
      bytes={bytes}
      mime={mimeOf(bytes)}
      alt={title}
      className="w-full rounded-xl block aspect-square object-cover"
    />
  );
}
