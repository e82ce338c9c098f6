import { type Hex, hexToBytes } from 'viem';
import { describe, expect, it } from 'vitest';
import { creationCode } from '../generated/bytecode.ts';
import { EXCUSED, fiscoFaults, foreignOpcodes } from './opcodes.ts';

describe('the FISCO BCOS profile', () => {
  it('holds for every contract that it deploys', () => {
    expect(fiscoFaults()).toEqual([]);
  });

  it.each([
    ['44', 'PREVRANDAO'],
    ['48', 'BASEFEE'],
    ['46', 'CHAINID'],
    ['49', 'BLOBHASH'],
    ['ff', 'SELFDESTRUCT'],
    // Osaka's CLZ, and a byte that is no instruction at all
    ['1e', '0x1e'],
    ['21', '0x21'],
  ])('finds a planted %s', (opcode, name) => {
    const code = creationCode.LogAnchor!.code;
    // before everything, and where the runtime code begins
    expect(foreignOpcodes(hexToBytes(`0x${opcode}${code.slice(2)}`))).toContain(name);
    const runtime = code.lastIndexOf('fe6080') + 2;
    const planted = `${code.slice(0, runtime)}${opcode}${code.slice(runtime)}` as Hex;
    expect(foreignOpcodes(hexToBytes(planted))).toContain(name);
  });

  it('does not take data for instructions', () => {
    expect(foreignOpcodes(hexToBytes('0x614446ff'))).toEqual(['SELFDESTRUCT']);
    expect(foreignOpcodes(hexToBytes('0x6144465f'))).toEqual([]);
  });

  it('excuses nothing that is not used', () => {
    for (const [name, reasons] of Object.entries(EXCUSED)) {
      const used = foreignOpcodes(hexToBytes(creationCode[name]!.code));
      expect(Object.keys(reasons).filter((op) => !used.includes(op))).toEqual([]);
    }
  });
});
