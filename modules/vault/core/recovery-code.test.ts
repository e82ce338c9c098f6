import { type AppError, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RECOVERY_RANDOM, readRecoveryCode, recoveryCode } from './recovery-code.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codes = fc.uint8Array({ minLength: RECOVERY_RANDOM, maxLength: RECOVERY_RANDOM }).map(recoveryCode);
const place = fc.integer({ min: 0, max: 27 });
const symbol = fc.constantFrom(...ALPHABET);
const plain = (code: string) => [...code.replaceAll('-', '')];
const refusal = (text: string): AppError | null => {
  try {
    readRecoveryCode(text);
    return null;
  } catch (e) {
    return e as AppError;
  }
};

describe('the recovery code', () => {
  it('reads back what it printed, however it is typed', () => {
    fc.assert(
      fc.property(codes, (code) => {
        expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
        const bytes = utf8(code.replaceAll('-', ''));
        expect(readRecoveryCode(code)).toEqual(bytes);
        expect(readRecoveryCode(` ${code.toLowerCase().replaceAll('-', ' ')}\n`)).toEqual(bytes);
        expect(readRecoveryCode(code.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', '–'))).toEqual(
          bytes,
        );
      }),
    );
  });

  it('carries 130 bits: every data symbol takes every value', () => {
    const seen = new Set<string>();
    for (let v = 0; v < 32; v++) seen.add(recoveryCode(new Uint8Array(26).fill(v)).slice(0, 31));
    expect(seen.size).toBe(32);
    expect(recoveryCode(new Uint8Array(26))).toBe('0000-0000-0000-0000-0000-0000-0000');
  });

  it('names the group of a single wrong symbol', () => {
    fc.assert(
      fc.property(codes, place, symbol, (code, at, to) => {
        const typed = plain(code);
        fc.pre(typed[at] !== to);
        typed[at] = to;
        expect(refusal(typed.join(''))).toMatchObject({
          code: 'RECOVERY_CODE_TYPO',
          params: { group: Math.floor(at / 4) + 1 },
        });
      }),
    );
  });

  it('notices two wrong symbols and two swapped ones', () => {
    fc.assert(
      fc.property(codes, place, place, symbol, symbol, (code, a, b, x, y) => {
        const typed = plain(code);
        fc.pre(a !== b && typed[a] !== x && typed[b] !== y);
        const swapped = plain(code);
        [swapped[a], swapped[b]] = [swapped[b]!, swapped[a]!];
        typed[a] = x;
        typed[b] = y;
        expect(refusal(typed.join(''))?.code).toMatch(/^RECOVERY_CODE_(TYPO|WRONG)$/);
        if (swapped[a] !== swapped[b])
          expect(refusal(swapped.join(''))?.code).toMatch(/^RECOVERY_CODE_(TYPO|WRONG)$/);
      }),
    );
  });

  it('says when symbols are missing, foreign or wrong in several places', () => {
    const code = recoveryCode(Uint8Array.from({ length: 26 }, (_, i) => i * 7));
    expect(refusal(code.slice(0, -1))).toMatchObject({ code: 'RECOVERY_CODE_LENGTH', params: { count: 27 } });
    expect(refusal(`${code}0`)?.code).toBe('RECOVERY_CODE_LENGTH');
    expect(refusal('')?.code).toBe('RECOVERY_CODE_LENGTH');
    const foreign = plain(code);
    foreign[9] = 'U';
    expect(refusal(foreign.join(''))).toMatchObject({ code: 'RECOVERY_CODE_TYPO', params: { group: 3 } });
    const codesOf = Array.from({ length: 31 }, (_, n) => {
      const typed = plain(code);
      typed[0] = ALPHABET[n]!;
      typed[5] = ALPHABET[(n * 3) % 32]!;
      return refusal(typed.join(''))?.code;
    });
    expect(codesOf).toContain('RECOVERY_CODE_WRONG');
  });
});
