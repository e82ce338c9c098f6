/** C2SP signed notes and v1 cosignatures (tlog-cosignature): a text, a blank line, signature lines. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { AppError, concat, fromBase64, fromHex, toBase64, toHex, utf8 } from '@zhenmei/kernel';
import { isKeyName, type KeyType, type VerifierKey, verifierKey } from './keys.ts';

const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^\u2014 ([^ ]+) ([A-Za-z0-9+/=]+)$/u;

/** Signs with one key; may be backed by a device that never gives the key away. */
export interface NoteSigner {
  readonly key: VerifierKey;
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** @param seed 32-byte Ed25519 private key */
export function ed25519Signer(name: string, seed: Uint8Array, type: KeyType = 1): NoteSigner {
  const key = verifierKey(name, ed25519.getPublicKey(seed), type);
  return { key, sign: (message) => ed25519.sign(message, seed) };
}

function malformed(reason: string): never {
  throw new AppError('TLOG_NOTE_FORMAT', { reason });
}

function requireText(text: string): void {
  if (!text.isWellFormed()) malformed('not UTF-8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the format forbids exactly these
  if (/[\u0000-\u0009\u000b-\u001f]/.test(text)) malformed('control character');
}

function signatureLine(key: VerifierKey, signature: Uint8Array): string {
  return `\u2014 ${key.name} ${toBase64(concat(fromHex(key.id), signature))}\n`;
}

/** @param text ends with a newline. Throws TLOG_NOTE_FORMAT. */
export async function signNote(text: string, signer: NoteSigner): Promise<string> {
  requireText(text);
  if (!text.endsWith('\n')) malformed('the text must end with a newline');
  return `${text}\n${signatureLine(signer.key, await signer.sign(utf8(text)))}`;
}

function cosignedMessage(text: string, time: bigint): Uint8Array {
  return utf8(`cosignature/v1\ntime ${time}\n${text}`);
}

/** Adds a witness's v1 cosignature to a note. @param seconds POSIX time @param signer with a key of type 4 */
export async function cosignNote(note: string, signer: NoteSigner, seconds: number): Promise<string> {
  const { text } = splitNote(note);
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  const signature = await signer.sign(cosignedMessage(text, BigInt(seconds)));
  return note + signatureLine(signer.key, concat(time, signature));
}

export interface NoteSignature {
  readonly name: string;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** Splits without trusting anything. Throws TLOG_NOTE_FORMAT. */
export function splitNote(note: string): { text: string; signatures: NoteSignature[] } {
  requireText(note);
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) return malformed('no signatures');
  const lines = note.slice(at + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return malformed('too many signatures');
  const signatures = lines.map((line): NoteSignature => {
    const match = SIGNATURE_LINE.exec(line);
    if (!match || !isKeyName(match[1]!)) return malformed('signature line');
    let bytes: Uint8Array;
    try {
      bytes = fromBase64(match[2]!);
    } catch {
      return malformed('signature base64');
    }
    if (bytes.length < 5) return malformed('signature too short');
    return { name: match[1]!, id: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) };
  });
  return { text: note.slice(0, at + 1), signatures };
}

export interface OpenedNote {
  readonly text: string;
  /** Distinct keys whose signatures hold. `time` (POSIX seconds) is set for cosignatures. */
  readonly signedBy: readonly { readonly key: VerifierKey; readonly time: bigint | null }[];
}

/**
 * Opens a note: signatures of unknown keys are ignored, a wrong one of a known key refuses the whole note.
 * Throws TLOG_NOTE_FORMAT, TLOG_SIGNATURE_INVALID, TLOG_NOTE_UNTRUSTED.
 */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote {
  const { text, signatures } = splitNote(note);
  const signedBy: { key: VerifierKey; time: bigint | null }[] = [];
  for (const signature of signatures)
    for (const key of keys) {
      if (key.name !== signature.name || key.id !== signature.id) continue;
      const time = checkSignature(key, text, signature.bytes);
      if (!signedBy.some((known) => known.key.id === key.id && known.key.name === key.name))
        signedBy.push({ key, time });
    }
  if (signedBy.length === 0) throw new AppError('TLOG_NOTE_UNTRUSTED');
  return { text, signedBy };
}

function checkSignature(key: VerifierKey, text: string, bytes: Uint8Array): bigint | null {
  const timed = key.type === 4;
  const refuse = () => new AppError('TLOG_SIGNATURE_INVALID', { name: key.name });
  if (bytes.length !== (timed ? 72 : 64)) throw refuse();
  const time = timed ? new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0) : null;
  if (time !== null && time >= 1n << 63n) throw refuse();
  const message = time === null ? utf8(text) : cosignedMessage(text, time);
  if (!verifyEd25519(bytes.subarray(timed ? 8 : 0), message, key.publicKey)) throw refuse();
  return time;
}

/** RFC 8032 strictly: no ZIP-215 leniency. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  return ed25519.verify(signature, message, publicKey, { zip215: false });
}
