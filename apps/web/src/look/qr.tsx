/** A QR code, drawn by the same engine that reads them; black on white in every theme, so that any camera reads it. */
import { useQuery } from '@tanstack/react-query';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import wasm from 'zxing-wasm/writer/zxing_writer.wasm?url';
import { t } from '../shell/words.ts';
import { Waiting } from './parts.tsx';

prepareZXingModule({ overrides: { locateFile: (path: string) => (path.endsWith('.wasm') ? wasm : path) } });

export default function Qr({ text, label }: { text: string; label: string }) {
  const drawn = useQuery({
    queryKey: ['qr', text],
    queryFn: async () => {
      const { svg, error } = await writeBarcode(text, {
        format: 'QRCode',
        options: 'ecLevel=L',
        scale: 0,
      } as never);
      if (error) throw new Error(error);
      return svg;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!drawn.data) return <Waiting what={t('loading')} />;
  return (
    <img
      src={`data:image/svg+xml,${encodeURIComponent(drawn.data)}`}
      alt={label}
      className="w-full max-w-md bg-white p-4 rounded-card self-center"
      style={{ imageRendering: 'pixelated' }}
    />
  );
}
