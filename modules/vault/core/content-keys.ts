/**
 * Root → master key → one key for each compartment and epoch → one random key for each version of an object.
 * Giving somebody a compartment's epoch, or one object, is sealing one of these keys to them; nothing else moves.
 */
import { AppError, canonicalJson, concat, derive, toBase64Url } from '@zhenmei/kernel';
import './errors.ts';
import { indexed } from './derive.ts';
import { openBox, sealBox } from './secret-box.ts';

export const COMPARTMENTS = [
  'identity',
  'allergies',
  'treatments',
  'face-photos',
  'skin-measures',
  'genetics',
  'messages',
] as const;
export type Compartment = (typeof COMPARTMENTS)[number];

type Key = Uint8Array<ArrayBuffer>;

/** What a content key is for; all of it is bound to the wrap. */
export interface ContentPlace {
  readonly compartment: Compartment;
  /** Counted from 1; a new one starts when a grant ends. */
  readonly epoch: number;
  /** Name of the object at the server. */
  readonly object: string;
  /** Counted from 1. */
  readonly version: number;
}

export function masterKey(root: Uint8Array): Key {
  return derive(root, 'zhenmei/vault/master/v1');
}

/** Throws KEY_INDEX_WRONG. */
export function compartmentKey(master: Uint8Array, compartment: Compartment, epoch: number): Key {
  return derive(master, indexed(`vault/${compartment}`, epoch));
}

/** How the server sees a compartment: equal for equal, and no word. */
export function compartmentLabel(master: Uint8Array, compartment: Compartment): string {
  return toBase64Url(derive(master, `zhenmei/vault/label/${compartment}`, 16));
}

/** How the server sees a well-known object, e.g. `visits` or `allergies/current`. */
export function objectName(master: Uint8Array, name: string): string {
  return toBase64Url(derive(master, `zhenmei/vault/name/${name}`, 24));
}

const SUITE = 1;
const HEAD = 5;
const purpose = (place: ContentPlace) => canonicalJson({ use: 'content-key', suite: SUITE, ...place });

/**
 * Wraps a content key under its compartment's key.
 * @param nonce 12 fresh random bytes
 * @returns suite (1 byte) ‖ epoch (4) ‖ nonce ‖ ciphertext: 65 bytes. Throws KEY_INDEX_WRONG.
 */
export async function wrapContentKey(
  master: Uint8Array,
  place: ContentPlace,
  contentKey: Key,
  nonce: Key,
): Promise<Key> {
  if (place.epoch < 1 || place.epoch > 0xffffffff) throw new AppError('KEY_INDEX_WRONG');
  const head = new Uint8Array(HEAD);
  new DataView(head.buffer).setUint8(0, SUITE);
  new DataView(head.buffer).setUint32(1, place.epoch);
  const wrapping = compartmentKey(master, place.compartment, place.epoch);
  return concat(head, await sealBox(wrapping, nonce, contentKey, purpose(place)));
}

/** Epoch under which a content key was wrapped. Throws VAULT_DAMAGED. */
export function wrapEpoch(wrapped: Uint8Array): number {
  if (wrapped.length < HEAD || wrapped[0] !== SUITE) throw new AppError('VAULT_DAMAGED');
  return new DataView(wrapped.buffer, wrapped.byteOffset).getUint32(1);
}

/** Throws VAULT_DAMAGED if a byte, or what the key is for, is another. */
export async function openContentKey(
  master: Uint8Array,
  place: Omit<ContentPlace, 'epoch'>,
  wrapped: Key,
): Promise<Key> {
  const epoch = wrapEpoch(wrapped);
  const wrapping = compartmentKey(master, place.compartment, epoch);
  return openBox(wrapping, wrapped.slice(HEAD), purpose({ ...place, epoch }));
}
