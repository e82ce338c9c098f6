/** The text of a file that a command is given, or of standard input for `-`. */
import { readFileSync } from 'node:fs';
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

/** Throws FILE_UNREADABLE. */
export function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new AppError('FILE_UNREADABLE', { file }, { cause });
  }
}
