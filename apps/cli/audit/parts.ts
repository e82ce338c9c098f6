/** Records in 64 parts by the first bits of their digest: in memory while they are few, in files once they are many. */
import fs from 'node:fs';
import path from 'node:path';

const PARTS = 64;

export class Parts {
  private readonly held: { bytes: Uint8Array; length: number }[];
  private readonly folder: string;
  private readonly name: string;
  private readonly limit: number;

  /** @param limit bytes of a part that are held in memory before they are written */
  constructor(folder: string, name: string, limit = 65_536) {
    this.held = Array.from({ length: PARTS }, () => ({ bytes: new Uint8Array(1024), length: 0 }));
    this.folder = folder;
    this.name = name;
    this.limit = limit;
  }

  /** @param record begins with its digest */
  add(record: Uint8Array): void {
    const part = record[0]! >> 2;
    const held = this.held[part]!;
    if (held.length + record.length > this.limit) this.write(part);
    if (held.length + record.length > held.bytes.length) {
      const wider = new Uint8Array(Math.max(held.bytes.length * 2, record.length));
      wider.set(held.bytes.subarray(0, held.length));
      held.bytes = wider;
    }
    held.bytes.set(record, held.length);
    held.length += record.length;
  }

  private write(part: number): void {
    const held = this.held[part]!;
    fs.mkdirSync(this.folder, { recursive: true });
    fs.appendFileSync(this.file(part), held.bytes.subarray(0, held.length));
    held.length = 0;
  }

  private file(part: number): string {
    return path.join(this.folder, `${this.name}-${part}`);
  }

  /** All records of a part. */
  read(part: number): Uint8Array {
    const { bytes, length } = this.held[part]!;
    const held = bytes.slice(0, length);
    return fs.existsSync(this.file(part)) ? Buffer.concat([fs.readFileSync(this.file(part)), held]) : held;
  }

  static readonly count = PARTS;
}
