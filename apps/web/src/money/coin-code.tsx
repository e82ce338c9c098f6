/** What a camera of a payer's app reads: coin, network, address and amount (ERC-681). */
import { drawingSVG, qrcode } from 'bwip-js/browser';
import { useMemo } from 'react';
import { t } from '../shell/words.ts';

export default function CoinCode({ request }: { request: string }) {
  const source = useMemo(() => {
    const svg = qrcode(
      { bcid: 'qrcode', text: request, eclevel: 'M', scale: 1, padding: 4 } as never,
      drawingSVG(),
    );
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }, [request]);
  return <img src={source} alt={t('coin.qr')} className="certificate-code" />;
}
