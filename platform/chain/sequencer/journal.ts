/**
 * The journal: what makes a transaction durable. One line a block (number, time, raw transactions, checksum), fsynced
 * before the block is mined; one more line with the block's hash afterwards. A torn end is cut off.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { AppError, type Hex } from '@zhenmei/kernel';
import '../errors.ts';
import { replaceFile, syncFolder } from './files.ts';

export interface BlockRecord {
  readonly n: number;
  /** Seconds since the epoch. */
  readonly t: number;
  readonly txs: readonly Hex[];
  /** Missing if the crash came before it was written. */
  hash?: Hex;
}

type Entry = BlockRecord | { readonly n: number; readonly hash: Hex };

/** Write errors after which the file is whole again once the torn line is cut off. */
const PASSING = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

const check = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const seal = (value: object) => {
  const text = JSON.stringify(value);
  return `${check(text)} ${text}\n`;
};

export class Journal {
  private readonly folder: string;
  private fd: number | null = null;
  /** Bytes of the open segment that are whole lines. */
  private size = 0;
  private trouble: string | null = null;

  constructor(folder: string) {
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** Why nothing can be written now: the system's error code; null if all is well. */
  get failing(): string | null {
    return this.trouble;
  }

  /** Segments by the number of their first block. */
  private segments(): { first: number; file: string }[] {
    return fs
      .readdirSync(this.folder)
      .map((name) => ({ match: /^journal-(\d+)\.log$/.exec(name), name }))
      .filter(({ match }) => match !== null)
      .map(({ match, name }) => ({ first: Number(match![1]), file: path.join(this.folder, name) }))
      .sort((a, b) => a.first - b.first);
  }

  /** Blocks after `block`, in order. Throws CHAIN_JOURNAL_DAMAGED for anything but a torn end. */
  read(block: number): BlockRecord[] {
    const segments = this.segments();
    const from = Math.max(
      0,
      segments.findLastIndex(({ first }) => first <= block + 1),
    );
    const records: BlockRecord[] = [];
    for (const [i, { file }] of segments.slice(from).entries())
      for (const entry of readSegment(file, from + i === segments.length - 1)) {
        if ('txs' in entry) records.push(entry);
        else if (records.at(-1)?.n === entry.n) records.at(-1)!.hash = entry.hash;
      }
    return records.filter(({ n }) => n > block);
  }

  /** Opens the segment that new blocks go to. Call `read` first: it cuts off what a crash left. */
  open(): void {
    if (this.fd !== null) return;
    this.use(this.segments().at(-1)?.file ?? path.join(this.folder, 'journal-1.log'));
  }

  /** Durable when it returns. Throws CHAIN_JOURNAL_WRITE; then nothing may be acknowledged. */
  append(record: BlockRecord): void {
    this.write(seal({ n: record.n, t: record.t, txs: record.txs }), true);
  }

  /** Remembers the mined hash; the next append makes it durable. Throws CHAIN_JOURNAL_WRITE. */
  mined(n: number, hash: Hex): void {
    this.write(seal({ n, hash }), false);
  }

  /** Starts a new segment, so that old ones are not read again. Not while the last line may be torn. */
  rotate(next: number): void {
    const old = this.fd;
    if (old === null || this.trouble !== null) return;
    fs.fsyncSync(old);
    this.use(path.join(this.folder, `journal-${next}.log`));
    fs.closeSync(old);
  }

  close(): void {
    if (this.fd === null) return;
    const fd = this.fd;
    this.fd = null;
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  }

  private use(file: string): void {
    const fd = fs.openSync(file, 'a', 0o600);
    syncFolder(this.folder);
    this.size = fs.fstatSync(fd).size;
    this.fd = fd;
  }

  private write(line: string, sync: boolean): void {
    try {
      if (this.fd === null) throw Object.assign(new Error('closed'), { code: 'EBADF' });
      if (this.trouble !== null) {
        // after any other error nobody knows what is on the disk: only a new start, which reads it, may go on
        if (!PASSING.has(this.trouble)) throw Object.assign(new Error('failed'), { code: this.trouble });
        fs.ftruncateSync(this.fd, this.size);
        fs.fsyncSync(this.fd);
      }
      const bytes = Buffer.from(line);
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.fd, bytes, at);
      if (sync) fs.fsyncSync(this.fd);
      this.size += bytes.length;
      this.trouble = null;
    } catch (cause) {
      this.trouble = (cause as NodeJS.ErrnoException).code ?? 'UNKNOWN';
      throw new AppError('CHAIN_JOURNAL_WRITE', { reason: this.trouble }, { cause });
    }
  }
}

/**
 * A crash may tear what was not fsynced yet: at most the hash line of a block and the record of the next one. Of these
 * the record is kept if it is whole. Every other bad line is damage.
 */
function readSegment(file: string, last: boolean): Entry[] {
  const bytes = fs.readFileSync(file);
  const lines = bytes.toString('utf8').split('\n');
  const rest = lines.pop()!;
  const parsed = lines.map(parseLine);
  const bad = parsed.indexOf(null);
  if (bad < 0 && rest === '') return parsed as Entry[];
  const line = bad < 0 ? parsed.length : bad;
  const after = parsed.slice(line).filter((entry) => entry !== null);
  const kept = [...(parsed.slice(0, line) as Entry[]), ...after];
  const torn = after.length === 0 || (after.length === 1 && 'txs' in after[0]! && line === parsed.length - 2);
  if (!last || !torn) throw new AppError('CHAIN_JOURNAL_DAMAGED', { file, line: line + 1 });
  replaceFile(file, kept.map(seal).join(''));
  return kept;
}

/**
 * Looks at a journal without touching it, also while the house runs: the end of the newest segment may be in writing.
 * @returns number of blocks. Throws CHAIN_JOURNAL_DAMAGED.
 */
export function inspectJournal(folder: string): number {
  const files = fs
    .readdirSync(folder)
    .filter((name) => /^journal-\d+\.log$/.test(name))
    .sort((a, b) => Number(a.slice(8, -4)) - Number(b.slice(8, -4)));
  let blocks = 0;
  for (const [i, name] of files.entries()) {
    const lines = fs.readFileSync(path.join(folder, name), 'utf8').split('\n');
    const rest = lines.pop()!;
    const parsed = lines.map(parseLine);
    const bad = parsed.indexOf(null);
    const atEnd = i === files.length - 1 && (bad < 0 || bad >= parsed.length - 2);
    if ((bad >= 0 || rest !== '') && !atEnd)
      throw new AppError('CHAIN_JOURNAL_DAMAGED', {
        file: path.join(folder, name),
        line: (bad < 0 ? parsed.length : bad) + 1,
      });
    blocks += parsed.filter((entry) => entry !== null && 'txs' in entry).length;
  }
  return blocks;
}

function parseLine(line: string): Entry | null {
  const body = line.slice(17);
  return line[16] === ' ' && check(body) === line.slice(0, 16) ? (JSON.parse(body) as Entry) : null;
}
