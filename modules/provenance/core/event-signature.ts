/**
 * An organisation's device signs what it states about custody: ES256 over the event's digest, in a form that serves
 * for nothing else. Anybody can check it with the published key of the device.
 */
import { p256 } from '@noble/curves/nist.js';
import { canonicalJson, fromHex, type Hex, sha256, utf8 } from '@zhenmei/kernel';

export interface EventSignature {
  /** Leaf digest of the event. */
  readonly event: Hex;
  /** Uncompressed P-256 point of the device. */
  readonly key: Hex;
  /** 64 bytes r ‖ s, as WebCrypto makes them. */
  readonly signature: Hex;
}

/** The bytes that a device signs for an event. */
export function eventStatement(event: Hex): Uint8Array<ArrayBuffer> {
  return sha256(utf8(canonicalJson({ statement: 'zhenmei/event/1', event })));
}

export function signsEvent({ event, key, signature }: EventSignature): boolean {
  try {
    const bytes = fromHex(signature);
    return (
      bytes.length === 64 &&
      p256.verify(bytes, eventStatement(event), fromHex(key), { prehash: true, lowS: false })
    );
  } catch {
    // a point that is none, or a text that is no signature, signs nothing
    return false;
  }
}
