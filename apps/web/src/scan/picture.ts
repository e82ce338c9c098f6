/** Pictures as rows of grey values, and what may be done to one before it is read again. Pure; runs in any place. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  /** 0 is black, 255 white. */
  readonly values: Uint8ClampedArray;
}

/** The form in which browsers and the reader exchange pictures. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, opacity. */
  readonly data: Uint8ClampedArray;
}

export function greyOf({ width, height, data }: Pixels): Grey {
  const values = new Uint8ClampedArray(width * height);
  for (let i = 0; i < values.length; i++)
    values[i] = data[i * 4]! * 0.299 + data[i * 4 + 1]! * 0.587 + data[i * 4 + 2]! * 0.114;
  return { width, height, values };
}

export function pixelsOf({ width, height, values }: Grey): Pixels {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < values.length; i++) {
    data.fill(values[i]!, i * 4, i * 4 + 3);
    data[i * 4 + 3] = 255;
  }
  return { width, height, data };
}

/** Spreads what lies between the darkest and the lightest two percent over all greys. */
export function stretched({ width, height, values }: Grey): Grey {
  const counts = new Uint32Array(256);
  for (const value of values) counts[value]!++;
  const at = (share: number) => {
    let sum = 0;
    for (let value = 0; value < 256; value++) {
      sum += counts[value]!;
      if (sum >= share * values.length) return value;
    }
    return 255;
  };
  const [low, high] = [at(0.02), at(0.98)];
  const factor = 255 / Math.max(1, high - low);
  return { width, height, values: values.map((value) => (value - low) * factor) };
}

/** Takes away what changes slowly, such as a shadow or the fall of a lamp's light. */
export function evened(grey: Grey): Grey {
  const background = smoothed(grey, Math.max(8, Math.round(Math.min(grey.width, grey.height) / 6)));
  const values = grey.values.map((value, i) => 128 + (value - background.values[i]!));
  return stretched({ ...grey, values });
}

/** Mean over a square of 2·radius + 1. */
export function smoothed({ width, height, values }: Grey, radius: number): Grey {
  const rows = new Float32Array(values.length);
  const out = new Uint8ClampedArray(values.length);
  for (let y = 0; y < height; y++)
    running(
      width,
      radius,
      (x) => values[y * width + x]!,
      (x, mean) => (rows[y * width + x] = mean),
    );
  for (let x = 0; x < width; x++)
    running(
      height,
      radius,
      (y) => rows[y * width + x]!,
      (y, mean) => (out[y * width + x] = mean),
    );
  return { width, height, values: out };
}

function running(
  length: number,
  radius: number,
  read: (i: number) => number,
  write: (i: number, mean: number) => void,
): void {
  let sum = 0;
  let count = 0;
  for (let i = -radius; i < length; i++) {
    if (i + radius < length) {
      sum += read(i + radius);
      count++;
    }
    if (i - radius - 1 >= 0) {
      sum -= read(i - radius - 1);
      count--;
    }
    if (i >= 0) write(i, sum / count);
  }
}

/** Twice as large, in between by straight lines: modules of one or two pixels become readable. */
export function doubled({ width, height, values }: Grey): Grey {
  const [w, h] = [width * 2, height * 2];
  const out = new Uint8ClampedArray(w * h);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      out[y * w + x] = between({ width, height, values }, x / 2 - 0.25, y / 2 - 0.25);
  return { width: w, height: h, values: out };
}

/** The grey at a place between pixels; the edge goes on outside. */
export function between({ width, height, values }: Grey, x: number, y: number): number {
  const [cx, cy] = [Math.min(Math.max(x, 0), width - 1), Math.min(Math.max(y, 0), height - 1)];
  const [x0, y0] = [Math.floor(cx), Math.floor(cy)];
  const [x1, y1] = [Math.min(x0 + 1, width - 1), Math.min(y0 + 1, height - 1)];
  const [fx, fy] = [cx - x0, cy - y0];
  const top = values[y0 * width + x0]! * (1 - fx) + values[y0 * width + x1]! * fx;
  const bottom = values[y1 * width + x0]! * (1 - fx) + values[y1 * width + x1]! * fx;
  return top * (1 - fy) + bottom * fy;
}

/** Makes edges steeper that a blur made flat. */
export function sharpened(grey: Grey, radius: number): Grey {
  const soft = smoothed(grey, radius);
  return { ...grey, values: grey.values.map((value, i) => value + 1.5 * (value - soft.values[i]!)) };
}
