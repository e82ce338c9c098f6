/** Reads a code from a picture or the camera; the reader's WebAssembly comes from our own address. */
import { useEffect, useRef, useState } from 'react';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { t } from '../shell/words.ts';

prepareZXingModule({ overrides: { locateFile: (path: string) => (path.endsWith('.wasm') ? wasm : path) } });

const FORMATS = { formats: ['DataMatrix', 'QRCode', 'Code128', 'EAN-13'] as never, tryHarder: true };

async function read(source: Blob | ImageData): Promise<string | null> {
  const [found] = await readBarcodes(source, FORMATS);
  if (!found) return null;
  // the bytes keep the separators that the display text loses
  const raw = new TextDecoder().decode(found.bytes);
  return /^https?:/.test(raw) ? raw : `${found.symbologyIdentifier}${raw}`;
}

/** The same code in front of the camera counts again only after this time. */
const SAME_MS = 2_500;

/** @param keepOn the camera goes on after a code, for whoever scans one package after the other */
export default function Scanner({
  onCode,
  keepOn = false,
}: {
  onCode: (code: string) => void;
  keepOn?: boolean;
}) {
  const [message, setMessage] = useState('');
  const [filming, setFilming] = useState(false);
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    if (!filming) return;
    let stream: MediaStream | null = null;
    let timer = 0;
    let stopped = false;
    let last = { code: '', at: 0 };
    const look = async () => {
      const el = video.current;
      if (stopped || !el) return;
      if (el.videoWidth > 0) {
        const canvas = new OffscreenCanvas(el.videoWidth, el.videoHeight);
        const pen = canvas.getContext('2d');
        pen?.drawImage(el, 0, 0);
        const code = pen ? await read(pen.getImageData(0, 0, canvas.width, canvas.height)) : null;
        if (code && !stopped && !keepOn) {
          setFilming(false);
          onCode(code);
          return;
        }
        if (code && !stopped && (code !== last.code || performance.now() - last.at > SAME_MS)) onCode(code);
        if (code) last = { code, at: performance.now() };
      }
      timer = window.setTimeout(() => void look(), 150);
    };
    navigator.mediaDevices
      ?.getUserMedia({ video: { facingMode: 'environment' } })
      .then((got) => {
        stream = got;
        if (video.current) video.current.srcObject = got;
        void look();
      })
      .catch(() => {
        setFilming(false);
        setMessage(t('scan.noCamera'));
      });
    return () => {
      stopped = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [filming, onCode, keepOn]);

  return (
    <>
      <label className="btn">
        {t('scan.picture')}
        <input
          type="file"
          accept="image/*"
          className="sr-only"
          onChange={(event) => {
            const file = event.target.files?.[0];
            if (file) void read(file).then((code) => (code ? onCode(code) : setMessage(t('scan.noCode'))));
          }}
        />
      </label>
      {navigator.mediaDevices ? (
        <button type="button" className="btn" onClick={() => setFilming(!filming)}>
          {t('scan.camera')}
        </button>
      ) : null}
      {filming ? <video ref={video} autoPlay playsInline muted className="w-full rounded-card" /> : null}
      {message ? (
        <p role="alert" className="m-0 w-full">
          {message}
        </p>
      ) : null}
    </>
  );
}
