/** A picture from bytes; its address lives as long as it is on the screen. */
import { useEffect, useState } from 'react';

export function Picture({
  bytes,
  mime,
  alt,
  className,
}: {
  bytes: Uint8Array<ArrayBuffer>;
  mime: string;
  alt: string;
  className: string;
}) {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: mime }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, mime]);
  return address ? <img src={address} alt={alt} className={className} /> : null;
}
