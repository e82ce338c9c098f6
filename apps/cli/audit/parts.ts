/** Records in 64 parts by the first bits of their digest: in memory while they are few, in files once they are many. */
import fs from 'node:fs';
import path from 'node:path';

const PARTS = 64;

export class Parts {
  private readonly held: Uint8Array[][] = Array.from({ length: PARTS }, () => []);
  private bytes = 0;
  private readonly folder: string;
  private readonly name: string;
  private readonly limit: number;

  /** @param limit bytes held in memory before they are written */
  constructor(folder: string, name: string, limit = 8_000_000) {
    this.folder = folder;
    this.name = name;
    this.limit = limit;
  }

  /** @param record begins with its digest */
  add(record: Uint8Array): void {
    this.held[record[0]! >> 2]!.push(record);
    this.bytes += record.length;
    if (this.bytes > this.limit) this.write();
  }

  private write(): void {
    fs.mkdirSync(this.folder, { recursive: true });
    for (const [part, records] of this.held.entries()) {
      if (records.length > 0) fs.appendFileSync(this.file(part), Buffer.concat(records));
      records.length = 0;
    }
    this.bytes = 0;
  }

  private file(part: number): string {
    return path.join(this.folder, `${this.name}-${part}`);
  }

  /** All records of a part. */
  read(part: number): Uint8Array {
    const held = Buffer.concat(this.held[part]!);
    return fs.existsSync(this.file(part)) ? Buffer.concat([fs.readFileSync(this.file(part)), held]) : held;
  }

  static readonly count = PARTS;
}
