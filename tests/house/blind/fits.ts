/** Whether a key fits, told quickly: millions are tried. What fits is then opened by the vault's own code. */
import { createDecipheriv } from 'node:crypto';

const TAG = 16;

/** A refusal needs no stack: taking one costs more than the attempt. */
function quietly<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function authentic(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): boolean {
  if (sealed.length < TAG) return false;
  const cipher = createDecipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  cipher.setAuthTag(sealed.subarray(sealed.length - TAG));
  cipher.update(sealed.subarray(0, sealed.length - TAG));
  try {
    quietly(() => cipher.final());
    return true;
  } catch {
    return false;
  }
}

/** @param box nonce ‖ ciphertext ‖ tag */
export const fits = (key: Uint8Array, box: Uint8Array, purpose: Uint8Array): boolean =>
  authentic(key, box.subarray(0, 12), box.subarray(12), purpose);

const HEADER = 26;
const CHUNK = 65_536 + TAG;

/** Whether a container's first chunk opens. */
export function beginsWith(key: Uint8Array, container: Uint8Array): boolean {
  if (container.length < HEADER + TAG) return false;
  const nonce = new Uint8Array(12);
  nonce[11] = container.length <= HEADER + CHUNK ? 1 : 0;
  return authentic(key, nonce, container.subarray(HEADER, HEADER + CHUNK), container.subarray(0, HEADER));
}
