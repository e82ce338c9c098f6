/**
 * Pictures of codes as phones take them: 12 of each kind, the same in every run. Drawn from the codes' own modules and
 * spoiled by arithmetic alone, so that no camera and no native library is needed.
 */
import { checkDigit } from '@zhenmei/gs1/core/check-digit.ts';
import bwip from 'bwip-js/node';
import { between, type Grey, smoothed } from './picture.ts';

export const KINDS = [
  'clean',
  'rotated by 10°',
  'rotated by 45° and blurred',
  'blurred and noisy',
  'low contrast',
  'small',
  '6 % damaged',
  '10 % damaged',
] as const;
export type Kind = (typeof KINDS)[number];
export const EACH = 12;

/** Uniform numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const GTIN = `0952123410001${checkDigit('0952123410001')}`;

export interface Modules {
  readonly size: number;
  /** 1 is dark. */
  readonly dark: readonly number[];
}

function modulesOf(text: string, bcid: 'gs1datamatrix' | 'gs1qrcode'): Modules {
  const [symbol] = bwip.raw({ bcid, text }) as unknown as { pixs: number[]; pixx: number }[];
  return { size: symbol!.pixx, dark: symbol!.pixs };
}

/** A certificate's code as it is printed, or the same bytes in the characters of a link. */
export function certificateModules(text: string): Modules {
  const options = { bcid: 'qrcode', text, eclevel: 'L' };
  const [symbol] = bwip.raw(options) as unknown as { pixs: number[]; pixx: number }[];
  return { size: symbol!.pixx, dark: symbol!.pixs };
}

export interface Sample {
  readonly kind: Kind;
  /** With brackets, as printed beside the code. */
  readonly text: string;
  readonly picture: Grey;
}

/** Four of twelve are QR codes, the others DataMatrix; each has a serial of its own. */
export function samples(): Sample[] {
  return KINDS.flatMap((kind, k) =>
    Array.from({ length: EACH }, (_, n) => {
      const random = randomFrom(1_000 * k + n + 1);
      const letters = () => 'ABCDEFGHJKMNPQRSTVWXYZ0123456789'[Math.floor(random() * 32)];
      const serial = Array.from({ length: 11 }, letters).join('');
      const text = `(01)${GTIN}(17)281231(10)L${100 + n}A(21)${serial}`;
      const modules = modulesOf(text, n % 3 === 2 ? 'gs1qrcode' : 'gs1datamatrix');
      return { kind, text, picture: spoiled(kind, modules, random) };
    }),
  );
}

function spoiled(kind: Kind, modules: Modules, random: () => number): Grey {
  switch (kind) {
    case 'clean':
      return drawnModules(modules, { scale: 5, angle: 0 });
    case 'rotated by 10°':
      return noisy(drawnModules(modules, { scale: 5, angle: 10 }), 6, random);
    case 'rotated by 45° and blurred':
      return noisy(blurred(drawnModules(modules, { scale: 5, angle: 45 }), 1.4), 6, random);
    case 'blurred and noisy':
      return noisy(blurred(drawnModules(modules, { scale: 5, angle: 3 }), 1.4), 28, random);
    case 'low contrast':
      return noisy(lit(drawnModules(modules, { scale: 5, angle: -4 }), 116, 140, 60), 3, random);
    case 'small':
      return noisy(drawnModules(modules, { scale: 1.9, angle: 2 }), 8, random);
    case '6 % damaged':
      return noisy(drawnModules(damaged(modules, 0.06, random), { scale: 5, angle: 5 }), 6, random);
    case '10 % damaged':
      return noisy(drawnModules(damaged(modules, 0.1, random), { scale: 5, angle: -6 }), 6, random);
  }
}

const QUIET = 4;

/** Every pixel is the mean of 4 × 4 points, as a sensor sees it. */
export function drawnModules(
  { size, dark }: Modules,
  { scale, angle }: { scale: number; angle: number },
): Grey {
  const turn = (angle * Math.PI) / 180;
  const side = (size + 2 * QUIET) * scale;
  const length = Math.ceil(side * (Math.abs(Math.cos(turn)) + Math.abs(Math.sin(turn))));
  const values = new Uint8ClampedArray(length * length);
  const grain = 4;
  for (let y = 0; y < length; y++)
    for (let x = 0; x < length; x++) {
      let light = 0;
      for (let g = 0; g < grain * grain; g++) {
        const dx = x + ((g % grain) + 0.5) / grain - length / 2;
        const dy = y + (Math.floor(g / grain) + 0.5) / grain - length / 2;
        const column = Math.floor((dx * Math.cos(turn) + dy * Math.sin(turn) + side / 2) / scale) - QUIET;
        const row = Math.floor((-dx * Math.sin(turn) + dy * Math.cos(turn) + side / 2) / scale) - QUIET;
        const inside = column >= 0 && column < size && row >= 0 && row < size;
        light += inside && dark[row * size + column] ? 20 : 235;
      }
      values[y * length + x] = light / (grain * grain);
    }
  return { width: length, height: length, values };
}

/** Three passes of a mean are close to a Gaussian. @param sigma in pixels */
function blurred(grey: Grey, sigma: number): Grey {
  const radius = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
  return smoothed(smoothed(smoothed(grey, radius), radius), radius);
}

function noisy({ width, height, values }: Grey, deviation: number, random: () => number): Grey {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return { width, height, values: values.map((value) => value + deviation * normal()) };
}

/** Between two greys, darker towards one corner. */
function lit({ width, height, values }: Grey, low: number, high: number, fall: number): Grey {
  return {
    width,
    height,
    values: values.map((value, i) => {
      const shade = ((i % width) / width + Math.floor(i / width) / height) / 2;
      return low + (value / 255) * (high - low) - shade * fall;
    }),
  };
}

/** One spot scraped off or inked over, of the given share of the symbol. */
function damaged({ size, dark }: Modules, share: number, random: () => number): Modules {
  const out = [...dark];
  const ink = random() < 0.5 ? 1 : 0;
  const width = Math.max(1, Math.round(size * Math.sqrt(share) * (0.6 + 0.8 * random())));
  const height = Math.max(1, Math.round((share * size * size) / width));
  const left = 1 + Math.floor(random() * (size - width - 1));
  const top = 1 + Math.floor(random() * (size - height - 1));
  for (let y = top; y < top + height; y++) out.fill(ink, y * size + left, y * size + left + width);
  return { size, dark: out };
}

/** The picture in the middle of a larger one, as in a photograph of a box. */
export function framed(grey: Grey, margin: number): Grey {
  const [width, height] = [grey.width + 2 * margin, grey.height + 2 * margin];
  const values = new Uint8ClampedArray(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [px, py] = [x - margin, y - margin];
      const inside = px >= 0 && py >= 0 && px < grey.width && py < grey.height;
      values[y * width + x] = inside ? between(grey, px, py) : 200;
    }
  return { width, height, values };
}
