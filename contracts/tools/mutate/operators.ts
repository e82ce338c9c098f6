/**
 * What is altered: the same number of bytes, so that nothing moves. And what is left out, by rule alone: alterations
 * that cannot be noticed (equivalent), or that only concern how the compiler lays things out.
 */
import type { Instruction } from './bytecode.ts';

export interface Mutant {
  readonly at: number;
  readonly patch: readonly number[];
  /** E.g. `LT → GT`. */
  readonly what: string;
  /** What is altered, with its place in the source, and where it stands among the instructions. */
  readonly of: Instruction;
  readonly index: number;
}

export const OP = {
  ADD: 0x01,
  MUL: 0x02,
  SUB: 0x03,
  DIV: 0x04,
  LT: 0x10,
  GT: 0x11,
  EQ: 0x14,
  ISZERO: 0x15,
  AND: 0x16,
  OR: 0x17,
  SHL: 0x1b,
  SHR: 0x1c,
  CALLER: 0x33,
  ADDRESS: 0x30,
  TIMESTAMP: 0x42,
  NUMBER: 0x43,
  POP: 0x50,
  SLOAD: 0x54,
  SSTORE: 0x55,
  JUMP: 0x56,
  JUMPI: 0x57,
  JUMPDEST: 0x5b,
  TLOAD: 0x5c,
  TSTORE: 0x5d,
  PUSH1: 0x60,
  PUSH2: 0x61,
  PUSH32: 0x7f,
  SWAP1: 0x90,
  RETURN: 0xf3,
  REVERT: 0xfd,
  EXTCODESIZE: 0x3b,
  RETURNDATASIZE: 0x3d,
} as const;

type Name = keyof typeof OP;

/** One byte for another that takes and gives as many values. */
const SWAPS: readonly (readonly [Name, Name])[] = [
  ['ADD', 'SUB'],
  ['SUB', 'ADD'],
  ['MUL', 'DIV'],
  ['DIV', 'MUL'],
  ['LT', 'GT'],
  ['GT', 'LT'],
  ['EQ', 'LT'],
  ['OR', 'AND'],
  ['SHL', 'SHR'],
  ['SHR', 'SHL'],
  ['CALLER', 'ADDRESS'],
  ['TIMESTAMP', 'NUMBER'],
  // a store that is forgotten, and a value that was never stored
  ['SSTORE', 'TSTORE'],
  ['SLOAD', 'TLOAD'],
  // a refusal that passes as success
  ['REVERT', 'RETURN'],
];

/**
 * Why a mutant is not counted. `event`: within `emit`. `layout`: dispatch, ABI coding, pointers, packing.
 * `placeholder`: an immutable's place, filled at creation. `overwritten`: a slot that is read before all of it is
 * written. `enum`: the compiler's guard against a value that no enum has. `callee`: its guard that a callee has code,
 * where the callee is fixed or must answer. `tie`: the border of a comparison that takes the larger or the smaller of
 * two, where both are the same.
 */
export type Equivalent = 'event' | 'layout' | 'placeholder' | 'overwritten' | 'enum' | 'callee' | 'tie';

/**
 * By rule alone, from the instruction, its neighbours and its source; never by looking at what survived.
 * @param i index of the altered instruction in `list`; `text` its source; @returns null if the mutant counts
 */
export function equivalentClass(
  list: readonly Instruction[],
  i: number,
  text: string,
  inEmit: boolean,
  code: Uint8Array,
): Equivalent | null {
  const { opcode, data } = list[i]!;
  if (inEmit || text.startsWith('emit ')) return 'event';
  // a whole definition as source: dispatch, ABI coding, the free memory pointer
  if (/^(abstract contract|contract|library|function|modifier|constructor)\b/.test(text)) return 'layout';
  // the getter of a public variable, but not what it reads
  if (/^[\w() =>]+ public /.test(text) && opcode !== OP.SLOAD) return 'layout';
  if (text.startsWith('new ')) return 'layout';
  // how long a refusal is
  if (opcode === OP.SUB && list[i + 1]?.opcode === OP.SWAP1 && list[i + 2]?.opcode === OP.REVERT)
    return 'layout';
  if (guardsEnum(list, i, code)) return 'enum';
  if (follows(list, i, OP.EXTCODESIZE, 5) || (opcode === OP.REVERT && follows(list, i, OP.EXTCODESIZE, 9)))
    return 'callee';
  // how much of an answer is copied to memory
  if (follows(list, i, OP.RETURNDATASIZE, 7) && (opcode === OP.EQ || decides(opcode))) return 'layout';
  if (opcode === OP.PUSH32 && data.every((byte) => byte === 0)) return 'placeholder';
  if (opcode === OP.SLOAD && /^\w+(\[[^=]*\])+( = |\+\+$)/.test(text)) return 'overwritten';
  // where a value stands, not what is done with it: names of fields, elements and keys
  const plain = text.replace(/\[[^\]]*\]/g, '');
  if ((opcode === OP.ADD || opcode === OP.SUB) && !/[-+]|\*/.test(plain)) return 'layout';
  if ((opcode === OP.MUL || opcode === OP.DIV) && !/[*/]/.test(plain)) return 'layout';
  if ((opcode === OP.SHL || opcode === OP.SHR) && !/<<|>>/.test(plain)) return 'layout';
  if (opcode === OP.OR && !plain.includes('|')) return 'layout';
  return null;
}

/**
 * Whether the border of a comparison makes no difference, because it chooses between two numbers that are equal there:
 * `a < b ? a : b`, `a > b ? a - b : 0`, `if (a > b) a = b`.
 * @param text the comparison; `rest` what follows it in the source
 */
export function isTie(text: string, rest: string): boolean {
  const [, a, b] = /^([^<>=]+) [<>]=? ([^<>=]+)$/.exec(text) ?? [];
  if (a === undefined || b === undefined) return false;
  const then = rest.trimStart();
  return [
    `? ${a} : ${b}`,
    `? ${b} : ${a}`,
    `? ${a} - ${b} : 0`,
    `? ${b} - ${a} : 0`,
    `) ${a} = ${b};`,
    `) ${b} = ${a};`,
  ].some(
    (choice) => then.startsWith(choice) && (choice.endsWith(';') || /^[;,)]/.test(then.slice(choice.length))),
  );
}

const decides = (opcode: number) => opcode === OP.ISZERO || opcode === OP.JUMPI || opcode === OP.PUSH2;

/** `opcode` stands at most `within` instructions before. */
function follows(list: readonly Instruction[], i: number, opcode: number, within: number): boolean {
  return list.slice(Math.max(0, i - within), i).some((one) => one.opcode === opcode);
}

const PANIC_ENUM = 0x21;

/** A comparison whose refusal is `Panic(0x21)`. */
function guardsEnum(list: readonly Instruction[], i: number, code: Uint8Array): boolean {
  for (let jump = i; jump < Math.min(i + 5, list.length - 3); jump++) {
    if (list[jump]!.opcode !== OP.JUMPI) continue;
    // PUSH2 back PUSH2 panic JUMP
    const target = list[jump + 2]!;
    if (target.opcode !== OP.PUSH2 || list[jump + 3]!.opcode !== OP.JUMP) return false;
    const at = target.data[0]! * 256 + target.data[1]!;
    return code.slice(at, at + 48).some((byte, n, all) => byte === OP.PUSH1 && all[n + 1] === PANIC_ENUM);
  }
  return false;
}

/** All alterations of a contract; `textOf` gives an instruction's source, or null if it is not ours. */
export function mutantsOf(list: readonly Instruction[], textOf: (i: Instruction) => string | null): Mutant[] {
  const mutants: Mutant[] = [];
  list.forEach((one, i) => {
    const text = textOf(one);
    if (text === null) return;
    const add = (what: string, at: number, ...patch: number[]) => {
      mutants.push({ at, patch, what, of: one, index: i });
    };
    for (const [from, to] of SWAPS) if (one.opcode === OP[from]) add(`${from} → ${to}`, one.at, OP[to]);
    const before = list[i - 1];
    if (one.opcode === OP.JUMPI && before?.opcode === OP.PUSH2) {
      add('never', before.at, OP.POP, OP.JUMPDEST, OP.JUMPDEST, OP.JUMPDEST);
      const negation = list[i - 2];
      if (negation?.opcode === OP.ISZERO)
        add('always', negation.at, OP.POP, OP.PUSH2, ...before.data, OP.JUMP);
    }
    // `a <= b` is compiled as the negation of `a > b`: `a < b` is as long
    const after = list[i + 1];
    if (after?.opcode === OP.ISZERO && (one.opcode === OP.LT || one.opcode === OP.GT)) {
      const other = one.opcode === OP.LT ? OP.GT : OP.LT;
      add('border', one.at, other, OP.JUMPDEST);
    }
    if (one.opcode === OP.ISZERO) add('not', one.at, OP.JUMPDEST);
    if (one.opcode >= OP.PUSH1 && one.opcode <= OP.PUSH32 && isNumber(text)) {
      const last = one.data.length - 1;
      add(`${text} + 1`, one.at + 1 + last, (one.data[last]! + 1) & 0xff);
    }
  });
  return mutants;
}

/** A number in the source, or the name of a constant; addresses of jumps and of memory have other sources. */
const isNumber = (text: string): boolean =>
  /^(\d[\d_]*( days| hours)?|[A-Z]\w*\.?[A-Z_]{2,}|[A-Z_]{3,})$/.test(text);
