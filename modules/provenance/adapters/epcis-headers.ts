/** Headers of the binding: which versions, identifiers and extensions a caller means. */
import { AppError, type RouteHttp } from '@zhenmei/kernel';
import type { Prefixes } from '../core/context.ts';
import '../core/errors.ts';
import { EPC_FORMATS, type EpcFormat } from '../core/present.ts';

export interface Asked {
  readonly format: EpcFormat;
  /** Prefixes declared by GS1-Extensions. */
  readonly extensions: Prefixes;
}

/** Throws EPCIS_VERSION_NOT_OFFERED, EPCIS_HEADER_INVALID. */
export function readHeaders(http: RouteHttp | undefined): Asked {
  const headers = http?.headers ?? {};
  for (const [name, value] of Object.entries(headers)) checkVersion(name, value);
  const format = headers['gs1-epc-format'] ?? 'Always_GS1_Digital_Link';
  const known = EPC_FORMATS.find((one) => one === format);
  if (!known) throw new AppError('EPCIS_HEADER_INVALID', { name: 'GS1-EPC-Format' });
  return { format: known, extensions: extensionsOf(headers['gs1-extensions']) };
}

const OFFERED = [2, 0, 0];

function checkVersion(name: string, value: string): void {
  const kind = /^gs1-(?:epcis|cbv)-(version|min|max)$/.exec(name)?.[1];
  if (!kind) return;
  if (!/^\d{1,4}(?:\.\d{1,4}){0,3}$/.test(value)) throw new AppError('EPCIS_HEADER_INVALID', { name });
  const parts = value.split('.').map(Number);
  // 2 and 2.0 are 2.0.0
  const order = compare(parts, OFFERED);
  const fits =
    kind === 'min'
      ? order <= 0
      : kind === 'max'
        ? order >= 0
        : // a document says itself what it is; 1.2 is read as well
          (parts[0] === 2 && (parts[1] ?? 0) === 0) || (parts[0] === 1 && (parts[1] ?? 0) === 2);
  if (!fits) throw new AppError('EPCIS_VERSION_NOT_OFFERED', { name });
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 4; i++) {
    const gap = (a[i] ?? 0) - (b[i] ?? 0);
    if (gap !== 0) return gap;
  }
  return 0;
}

/** `prefix=namespace`, parted by commas. */
function extensionsOf(header: string | undefined): Prefixes {
  if (header === undefined || header.trim() === '') return {};
  const pairs = header.split(',').map((pair) => {
    const [, prefix, namespace] = /^\s*([A-Za-z_][\w.-]{0,60})\s*=\s*(\S{1,300})\s*$/.exec(pair) ?? [];
    if (prefix === undefined || !/^[a-z][a-z0-9+.-]*:/i.test(namespace!))
      throw new AppError('EPCIS_HEADER_INVALID', { name: 'GS1-Extensions' });
    return [prefix, namespace!] as const;
  });
  return Object.fromEntries(pairs);
}
