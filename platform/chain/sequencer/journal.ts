/**
 * The journal: what makes a transaction durable. One line a block (number, time, raw transactions, checksum), fsynced
 * before the block is mined; one more line with the block's hash afterwards. A torn last line is cut off.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { AppError, type Hex } from '@zhenmei/kernel';
import '../errors.ts';

export interface BlockRecord {
  readonly n: number;
  /** Seconds since the epoch. */
  readonly t: number;
  readonly txs: readonly Hex[];
  hash?: Hex;
}

const check = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
const seal = (value: object) => {
  const text = JSON.stringify(value);
  return `${check(text)} ${text}\n`;
};

export class Journal {
  private readonly folder: string;
  private fd: number | null = null;

  constructor(folder: string) {
    this.folder = folder;
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
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
    for (const [i, { file }] of segments.slice(from).entries()) {
      const last = from + i === segments.length - 1;
      for (const entry of readSegment(file, last)) {
        if ('hash' in entry && !('txs' in entry)) {
          const record = records.at(-1);
          if (record?.n === entry.n) record.hash = entry.hash as Hex;
        } else records.push(entry as BlockRecord);
      }
    }
    return records.filter(({ n }) => n > block);
  }

  /** Opens the segment that new blocks go to. */
  open(): void {
    const file = this.segments().at(-1)?.file ?? path.join(this.folder, 'journal-1.log');
    this.fd = fs.openSync(file, 'a', 0o600);
    syncFolder(this.folder);
  }

  /** Durable when it returns. Throws CHAIN_JOURNAL_WRITE; then nothing may be acknowledged. */
  append(record: BlockRecord): void {
    this.write(seal({ n: record.n, t: record.t, txs: record.txs }), true);
  }

  /** Remembers the mined hash; the next append makes it durable. */
  mined(n: number, hash: Hex): void {
    this.write(seal({ n, hash }), false);
  }

  /** Starts a new segment, so that old ones are not read again. */
  rotate(next: number): void {
    if (this.fd !== null) fs.closeSync(this.fd);
    this.fd = fs.openSync(path.join(this.folder, `journal-${next}.log`), 'a', 0o600);
    syncFolder(this.folder);
  }

  close(): void {
    if (this.fd !== null) {
      fs.fsyncSync(this.fd);
      fs.closeSync(this.fd);
    }
    this.fd = null;
  }

  private write(line: string, sync: boolean): void {
    if (this.fd === null) throw new AppError('CHAIN_JOURNAL_WRITE', { reason: 'closed' });
    try {
      const bytes = Buffer.from(line);
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.fd, bytes, at);
      if (sync) fs.fsyncSync(this.fd);
    } catch (cause) {
      throw new AppError(
        'CHAIN_JOURNAL_WRITE',
        { reason: (cause as NodeJS.ErrnoException).code ?? 'unknown' },
        { cause },
      );
    }
  }
}

function readSegment(file: string, last: boolean): (BlockRecord | { n: number; hash: Hex })[] {
  const text = fs.readFileSync(file, 'utf8');
  const lines = text.split('\n');
  const rest = lines.pop()!;
  const entries: (BlockRecord | { n: number; hash: Hex })[] = [];
  let good = 0;
  for (const [i, line] of lines.entries()) {
    const body = line.slice(17);
    if (line[16] !== ' ' || check(body) !== line.slice(0, 16)) {
      // only the very end may be torn: a crash happens while the last line is written
      if (last && i === lines.length - 1) break;
      throw new AppError('CHAIN_JOURNAL_DAMAGED', { file, line: i + 1 });
    }
    entries.push(JSON.parse(body) as BlockRecord);
    good += Buffer.byteLength(line) + 1;
  }
  if (rest !== '' || good < Buffer.byteLength(text)) {
    if (!last) throw new AppError('CHAIN_JOURNAL_DAMAGED', { file, line: lines.length + 1 });
    fs.truncateSync(file, good);
  }
  return entries;
}

export function syncFolder(folder: string): void {
  const fd = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
