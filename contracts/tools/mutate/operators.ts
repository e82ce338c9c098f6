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
  /** What is altered, with its place in the source. */
  readonly of: Instruction;
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
  RETURN: 0xf3,
  REVERT: 0xfd,
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

/** Why a mutant is not counted. */
export type Equivalent = 'event' | 'layout' | 'overwritten' | 'placeholder' | 'range';

/** @param text the source that an instruction was made from; @returns null if the mutant counts */
export function equivalentClass(instruction: Instruction, text: string, inEmit: boolean): Equivalent | null {
  if (inEmit || text.startsWith('emit ')) return 'event';
  // a whole function or contract as source: dispatch, ABI coding, the free memory pointer
  if (/^(abstract contract|contract|library|function|modifier|constructor)\b/.test(text)) return 'layout';
  // names of fields, elements and keys: where a value stands, not what is done with it
  if (instruction.opcode <= OP.SUB && !/[-+*/]/.test(text)) return 'layout';
  if (shifts(instruction.opcode) && !/<<|>>/.test(text)) return 'layout';
  if (instruction.opcode === OP.OR && !/[|]/.test(text)) return 'layout';
  // a slot is read before a whole record is packed into it; nothing of what was read remains
  if (instruction.opcode === OP.SLOAD && /^\w+(\[[^=]*\])+ = /.test(text)) return 'overwritten';
  // an immutable's value is put in when the contract is created: the compiled code has only its place
  if (instruction.opcode === OP.PUSH32 && instruction.data.every((byte) => byte === 0)) return 'placeholder';
  // checked arithmetic: the compiler's own guard against a result that its bounds exclude already
  if (compares(instruction.opcode) && !/[<>=!?]|\b(if|require|for|while)\b/.test(text)) return 'range';
  return null;
}

const shifts = (opcode: number) =>
  opcode === OP.SHL || opcode === OP.SHR || opcode === OP.DIV || opcode === OP.MUL;
const compares = (opcode: number) => opcode === OP.LT || opcode === OP.GT || opcode === OP.EQ;

/** All alterations of a contract; `textOf` gives an instruction's source, or null if it is not ours. */
export function mutantsOf(list: readonly Instruction[], textOf: (i: Instruction) => string | null): Mutant[] {
  const mutants: Mutant[] = [];
  list.forEach((one, i) => {
    const text = textOf(one);
    if (text === null) return;
    const add = (what: string, at: number, ...patch: number[]) => {
      mutants.push({ at, patch, what, of: one });
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
