/** North American coupon codes: AI (8110) and its positive-offer form (8112). Index of the first fault, or -1. */
import { dateFault, yearOf } from './dates.ts';

class Reader {
  private at: number;
  private readonly text: string;
  private readonly end: number;
  /** Index of the first fault; reading stops to matter after it. */
  fault = -1;
  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.at = start;
    this.end = end;
    for (let i = start; i < end; i++) if (!/\d/.test(text[i]!)) this.fail(i);
  }
  private fail(at: number): void {
    if (this.fault < 0) this.fault = at;
  }
  get more(): boolean {
    return this.fault < 0 && this.at < this.end;
  }
  get peek(): string {
    return this.text[this.at] ?? '';
  }
  take(length: number): string {
    if (this.at + length > this.end) this.fail(Math.min(this.at, this.end - 1));
    const start = this.at;
    this.at += length;
    return this.text.slice(start, this.at);
  }
  /** One digit of a given set. */
  one(allowed: string): string {
    const digit = this.take(1);
    if (!allowed.includes(digit)) this.fail(this.at - 1);
    return digit;
  }
  /** A length digit of a given set, then so many digits more than `base`. */
  sized(allowed: string, base: number): string {
    const length = this.one(allowed);
    return this.fault < 0 ? this.take(Number(length) + base) : '';
  }
  date(year: number): string {
    const start = this.at;
    const text = this.take(6);
    if (this.fault >= 0) return '';
    const full = yearOf(Number(text.slice(0, 2)), year);
    if (dateFault(full, Number(text.slice(2, 4)), Number(text.slice(4, 6)), false)) this.fail(start);
    return `${full}${text.slice(2)}`;
  }
  excess(): void {
    if (this.more) this.fail(this.at);
  }
  wrong(): void {
    this.fail(this.end - 1);
  }
}

/** Requirement, its code and the family it is for. */
function purchase(reader: Reader): void {
  reader.sized('12345', 0);
  reader.one('012349');
  reader.take(3);
}

/** Company prefix of a further purchase; 9 means that of the first. */
function furtherPrefix(reader: Reader): void {
  if (reader.peek === '9') reader.take(1);
  else reader.sized('0123456', 6);
}

const optional = (reader: Reader, field: string): boolean => {
  const found = reader.more && reader.peek === field;
  if (found) reader.take(1);
  return found;
};

export function couponCode(text: string, start: number, end: number, year: number): number {
  const reader = new Reader(text, start, end);
  reader.sized('0123456', 6);
  reader.take(6);
  reader.sized('12345', 0);
  purchase(reader);
  if (optional(reader, '1')) {
    reader.one('0123');
    purchase(reader);
    furtherPrefix(reader);
  }
  if (optional(reader, '2')) {
    purchase(reader);
    furtherPrefix(reader);
  }
  const expires = optional(reader, '3') ? reader.date(year) : '';
  const begins = optional(reader, '4') ? reader.date(year) : '';
  if (expires && begins && expires < begins) reader.wrong();
  if (optional(reader, '5')) reader.sized('0123456789', 6);
  if (optional(reader, '6')) reader.sized('1234567', 6);
  if (optional(reader, '9')) {
    reader.one('01256');
    reader.one('012');
    reader.take(1);
    reader.one('01');
  }
  reader.excess();
  return reader.fault;
}

export function couponOffer(text: string, start: number, end: number): number {
  const reader = new Reader(text, start, end);
  reader.one('01');
  reader.sized('0123456', 6);
  reader.take(6);
  reader.sized('0123456789', 6);
  reader.excess();
  return reader.fault;
}
