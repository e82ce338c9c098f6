/** Reads runtime code as instructions, each with the piece of source that it was made from. */

export interface Instruction {
  /** Byte in the runtime code. */
  readonly at: number;
  readonly opcode: number;
  /** Bytes that follow a PUSH. */
  readonly data: Uint8Array;
  /** Source: first character, length, index of the file (-1: written by the compiler). */
  readonly start: number;
  readonly length: number;
  readonly file: number;
}

const PUSH1 = 0x60;
const PUSH32 = 0x7f;

/** @param sourceMap solc's compressed map: `s:l:f:j:m;…`, where an empty field repeats the one before */
export function instructionsOf(code: Uint8Array, sourceMap: string): Instruction[] {
  const places = sourceMap.split(';');
  const list: Instruction[] = [];
  let [start, length, file] = [0, 0, -1];
  for (let at = 0, i = 0; at < code.length && i < places.length; i++) {
    const [s, l, f] = places[i]!.split(':');
    if (s) start = Number(s);
    if (l) length = Number(l);
    if (f) file = Number(f);
    const opcode = code[at]!;
    const size = opcode >= PUSH1 && opcode <= PUSH32 ? opcode - PUSH1 + 1 : 0;
    list.push({ at, opcode, data: code.slice(at + 1, at + 1 + size), start, length, file });
    at += 1 + size;
  }
  return list;
}
