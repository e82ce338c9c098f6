/** Reads a code from the camera or a picture; the reader's WebAssembly comes from our own address. */
import { useEffect, useRef, useState } from 'react';
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url';
import { t } from '../shell/words.ts';
import type { Pixels } from './picture.ts';
import { prepareReader, readImage } from './read-image.ts';

prepareReader(wasm);

/** Of one frame of the camera; the next frame is another picture anyway. */
const QUICK = 2;
/** Between frames, in milliseconds. */
const REST = 80;
/** Longest side of a picture that is read; more pixels only cost time. */
const LONGEST = 2_400;

function pixelsOf(source: CanvasImageSource, width: number, height: number): Pixels | null {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  const canvas = new OffscreenCanvas(w, h);
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  pen?.drawImage(source, 0, 0, w, h);
  return pen?.getImageData(0, 0, w, h) ?? null;
}

async function readFile(file: Blob): Promise<string | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  const pixels = bitmap && pixelsOf(bitmap, bitmap.width, bitmap.height);
  bitmap?.close();
  return pixels ? ((await readImage(pixels))?.text ?? null) : null;
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
  const [reading, setReading] = useState(false);
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
      const pixels = el.videoWidth > 0 ? pixelsOf(el, el.videoWidth, el.videoHeight) : null;
      const found = pixels ? await readImage(pixels, QUICK) : null;
      if (stopped) return;
      if (found && !keepOn) {
        setFilming(false);
        onCode(found.text);
        return;
      }
      if (found) {
        const now = performance.now();
        if (found.text !== last.code || now - last.at > SAME_MS) onCode(found.text);
        last = { code: found.text, at: now };
      }
      timer = window.setTimeout(() => void look(), REST);
    };
    navigator.mediaDevices
      ?.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1_920 } } })
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

  const pick = async (file: File) => {
    setReading(true);
    setMessage('');
    const code = await readFile(file);
    setReading(false);
    if (code) onCode(code);
    else setMessage(t('scan.noCode'));
  };

  return (
    <>
      <label className="btn" aria-busy={reading || undefined}>
        {t('scan.picture')}
        <input
          type="file"
          accept="image/*"
          className="sr-only"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = '';
            if (file) void pick(file);
          }}
        />
      </label>
      {navigator.mediaDevices ? (
        <button type="button" className="btn" aria-pressed={filming} onClick={() => setFilming(!filming)}>
          {t('scan.camera')}
        </button>
      ) : null}
      {filming ? (
        <video
          ref={video}
          autoPlay
          playsInline
          muted
          className="w-full rounded-card"
          aria-label={t('scan.camera')}
        />
      ) : null}
      {message ? (
        <p role="alert" className="m-0 w-full">
          {message}
        </p>
      ) : null}
    </>
  );
}
