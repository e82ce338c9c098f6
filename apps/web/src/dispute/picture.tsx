/** A picture from bytes; its address lives as long as it is on the screen. */
import { useEffect, useState } from 'react';

const mimeOf = (bytes: Uint8Array): string =>
  bytes[0] === 0x89 ? 'image/png' : bytes[0] === 0x52 ? 'image/webp' : 'image/jpeg';

export function BytesPicture({ bytes, title }: { bytes: Uint8Array<ArrayBuffer>; title: string }) {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: mimeOf(bytes) }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  return address ? (
    <img src={address} alt={title} className="w-full rounded-xl block aspect-square object-cover" />
  ) : null;
}
