/** The code of a treatment certificate, as dense as a printer and a phone can still do. */
import { drawingSVG, qrcode } from 'bwip-js/browser';
import { useMemo } from 'react';
import { t } from '../shell/words.ts';

export default function CertificateCode({ text }: { text: string }) {
  const source = useMemo(() => {
    // no error correction to spare: what is wrong with the proof shows anyway, and the code stays small
    const options = { bcid: 'qrcode', text, eclevel: 'L', scale: 1, padding: 4 };
    const svg = qrcode(options, drawingSVG());
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }, [text]);
  return <img src={source} alt={t('certificate.image')} className="certificate-code" />;
}
