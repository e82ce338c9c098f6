/** What a command is given: the text of a file, or of standard input for `-`, and bytes up to a limit. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { AppError, defineErrors, fromUtf8 } from '@zhenmei/kernel';
import type { Io } from './command.ts';

defineErrors({
  FILE_UNREADABLE: {
    status: 400,
    retryable: false,
    zh: '文件 {file} 无法读取。请检查路径和权限。',
    en: 'The file {file} cannot be read. Check its path and permissions.',
  },
});

/** Throws FILE_UNREADABLE, BYTES_NOT_UTF8. */
export async function readInput(file: string, io: Io): Promise<string> {
  return fromUtf8(file === '-' ? await io.stdin() : readBytes(file));
}

/** @param limit bytes; of what is longer, one more than that is read. Throws FILE_UNREADABLE. */
export function readBytes(file: string, limit = Number.POSITIVE_INFINITY): Uint8Array {
  try {
    return limit === Number.POSITIVE_INFINITY ? readFileSync(file) : readPart(file, limit + 1);
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { file }, { cause });
  }
}

/** Pipes and devices have no size that could be asked before. */
function readPart(file: string, most: number): Uint8Array {
  const open = openSync(file, 'r');
  try {
    let whole = Buffer.alloc(Math.min(most, 65_536));
    let length = 0;
    for (;;) {
      if (length === whole.length) {
        if (length === most) break;
        whole = Buffer.concat([whole], Math.min(most, 2 * whole.length));
      }
      const read = readSync(open, whole, length, whole.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return whole.subarray(0, length);
  } finally {
    closeSync(open);
  }
}

/** All of a stream, or what came until it was more than so many bytes. */
export async function readStream(
  stream: AsyncIterable<unknown>,
  limit = Number.POSITIVE_INFINITY,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > limit) break;
  }
  return Buffer.concat(chunks);
}
