/** What an auditor read of a log before: one small record an entry, in a file; compared when the entry is read again. */
import fs from 'node:fs';
import { equalBytes } from '@zhenmei/kernel';

/** 1 if the entry is an event, else 0; then the digest of the event, or the hash of the leaf. */
const RECORD = 33;
const BLOCK = 4096;
/** Entries that changed are remembered as they are now only for this run, and only so many. */
const CHANGED = 1000;

export class Memory {
  private readonly file: string;
  private added: Uint8Array[] = [];
  private block: { readonly from: number; readonly bytes: Uint8Array } = { from: 0, bytes: new Uint8Array() };
  private readonly changed = new Map<number, Uint8Array>();
  private stored: number;

  constructor(file: string) {
    this.file = file;
    this.stored = fs.existsSync(file) ? Math.floor(fs.statSync(file).size / RECORD) : 0;
    if (this.stored > 0) fs.truncateSync(file, this.stored * RECORD);
  }

  get size(): number {
    return this.stored + this.added.length;
  }

  /** @returns whether the entry is new, or what it was */
  put(index: number, isEvent: boolean, digest: Uint8Array): boolean {
    const record = new Uint8Array(RECORD);
    record[0] = isEvent ? 1 : 0;
    record.set(digest, 1);
    if (index < this.size) {
      const same = equalBytes(this.at(index), record);
      if (!same && this.changed.size < CHANGED) this.changed.set(index, record);
      return same;
    }
    // an entry that was not given leaves its place empty
    while (this.size < index) this.added.push(new Uint8Array(RECORD));
    this.added.push(record);
    if (this.added.length >= BLOCK) this.write();
    return true;
  }

  private at(index: number): Uint8Array {
    if (index >= this.stored) return this.added[index - this.stored]!;
    const { from, bytes } = this.block;
    if (index < from || (index - from + 1) * RECORD > bytes.length)
      this.block = { from: index, bytes: this.blockAt(index) };
    const at = (index - this.block.from) * RECORD;
    return this.block.bytes.subarray(at, at + RECORD);
  }

  private blockAt(index: number): Uint8Array {
    const bytes = new Uint8Array(Math.min(BLOCK, this.stored - index) * RECORD);
    const handle = fs.openSync(this.file, 'r');
    fs.readSync(handle, bytes, 0, bytes.length, index * RECORD);
    fs.closeSync(handle);
    return bytes;
  }

  write(): void {
    if (this.added.length > 0) fs.appendFileSync(this.file, Buffer.concat(this.added));
    this.stored += this.added.length;
    this.added = [];
  }

  /** Forgets every entry from `size` on. */
  cut(size: number): void {
    this.write();
    if (this.stored > size) fs.truncateSync(this.file, size * RECORD);
    this.stored = Math.min(this.stored, size);
    this.block = { from: 0, bytes: new Uint8Array() };
  }

  /** The digests of the first `size` entries that are events, as they are now. */
  *events(size: number): Generator<{ readonly index: number; readonly digest: Uint8Array }> {
    this.write();
    for (let from = 0; from < Math.min(size, this.stored); from += BLOCK) {
      const bytes = this.blockAt(from);
      for (let i = 0; i < bytes.length / RECORD && from + i < size; i++) {
        const record = this.changed.get(from + i) ?? bytes.subarray(i * RECORD, (i + 1) * RECORD);
        if (record[0] === 1) yield { index: from + i, digest: record.slice(1) };
      }
    }
  }
}
