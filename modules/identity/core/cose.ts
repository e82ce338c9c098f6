/** COSE_Key of a P-256 passkey (RFC 9053 §7.1.1) → uncompressed point. Only this one shape is read. */
import { AppError, concat } from '@zhenmei/kernel';
import './errors.ts';

/** a5 01 02 03 26 20 01 21 5820 x 22 5820 y, as every authenticator writes ES256 keys in canonical CBOR. */
export function coseToPoint(cose: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
  const between = [0x22, 0x58, 0x20];
  const fits =
    cose.length === 77 && head.every((b, i) => cose[i] === b) && between.every((b, i) => cose[42 + i] === b);
  if (!fits) throw new AppError('SDJWT_KEY', { reason: 'not a P-256 COSE key' });
  return concat(Uint8Array.of(4), cose.subarray(10, 42), cose.subarray(45, 77));
}

export function pointToCose(point: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(
    Uint8Array.of(0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20),
    point.subarray(1, 33),
    Uint8Array.of(0x22, 0x58, 0x20),
    point.subarray(33, 65),
  );
}
