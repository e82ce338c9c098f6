/** Turns what PostgreSQL's programs print when they give up into one of our named errors. */
import { AppError } from '@zhenmei/kernel';
import '../errors.ts';

/** @param output the last lines of stderr @param place the folder being written @param port the wanted port */
export function nameFailure(output: string, place: string, port: number): AppError {
  if (/address already in use|could not create any TCP\/IP sockets/i.test(output))
    return new AppError('PORT_TAKEN', { port });
  if (/no space left on device|disk quota exceeded|file too large|\b(ENOSPC|EDQUOT|EFBIG)\b/i.test(output))
    return new AppError('DISK_FULL', { path: place });
  if (
    /version [`'"]?GLIBC_|symbol not found|error while loading shared libraries|error relocating/i.test(
      output,
    )
  )
    return new AppError('DATABASE_NEEDS_GLIBC', { reason: lastLine(output) });
  if (/incompatible with server|initialized by PostgreSQL version/i.test(output))
    return new AppError('DATA_FOLDER_VERSION', { path: place, wanted: 18 });
  if (/permission denied|read-only file system|\b(EACCES|EROFS|EPERM)\b/i.test(output))
    return new AppError('DATA_FOLDER_NOT_WRITABLE', { path: place });
  return new AppError('DATABASE_START_FAILED', { reason: lastLine(output) || 'no output' });
}

/** A file of ours that could not be written. @param code the system's error code */
export function nameWriteFailure(code: string | undefined, path: string, cause: unknown): AppError {
  const full = code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG';
  return new AppError(full ? 'DISK_FULL' : 'DATA_FOLDER_NOT_WRITABLE', { path }, { cause });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
}
