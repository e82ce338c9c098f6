/** The address that an old device opens with its camera, as a QR code. */
import { drawingSVG, qrcode } from 'bwip-js/browser';
import { useMemo } from 'react';
import { t } from '../shell/words.ts';

export default function PairingCode({ code }: { code: string }) {
  const source = useMemo(() => {
    const text = `${location.origin}/vault/keys?pair=${encodeURIComponent(code)}`;
    const options = { bcid: 'qrcode', text, eclevel: 'M', scale: 1, padding: 4 };
    const svg = qrcode(options, drawingSVG());
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }, [code]);
  return <img src={source} alt={t('join.qr')} className="certificate-code" />;
}
