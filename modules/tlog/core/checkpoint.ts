/** C2SP tlog-checkpoint: origin, size, root, as the text of a signed note. */
import { AppError, fromBase64, toBase64 } from '@zhenmei/kernel';
import { HASH_SIZE } from './hash.ts';

export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

function malformed(reason: string): never {
  throw new AppError('TLOG_CHECKPOINT_FORMAT', { reason });
}

/** Throws TLOG_CHECKPOINT_FORMAT. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  const text = `${origin}\n${size}\n${toBase64(root)}\n`;
  parseCheckpoint(text);
  return text;
}

/** Strict: three non-empty lines, no leading zero, a 32-byte root, no extension lines (nobody audits them). */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '') return malformed('no newline at the end');
  const [origin, digits, encoded, ...extensions] = lines;
  if (!origin) return malformed('origin');
  if (extensions.length > 0) return malformed('extension lines');
  if (!digits || !/^(0|[1-9]\d*)$/.test(digits) || !Number.isSafeInteger(Number(digits)))
    return malformed('size');
  let root: Uint8Array;
  try {
    root = fromBase64(encoded ?? '');
  } catch {
    return malformed('root');
  }
  if (root.length !== HASH_SIZE) return malformed('root');
  return { origin, size: Number(digits), root };
}
