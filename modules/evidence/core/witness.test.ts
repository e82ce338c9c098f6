import { AppError, type Hex, sha256, toHex0x, utf8 } from '@zhenmei/kernel';
import { describe, expect, test } from 'vitest';
import { gradeWitnesses, headerMessage, signHeader } from './witness.ts';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('witnesses', () => {
  const seed = (n: number) => sha256(utf8(`witness ${n}`));
  const hash: Hex = `0x${'5a'.repeat(32)}`;
  const signed = (...who: number[]) => who.map((n) => signHeader(seed(n), 5, hash));
  const policy = (k: number, own: number[]) => ({
    k,
    keys: [0, 1, 2, 3].map((n) => ({ key: signHeader(seed(n), 5, hash).key, operator: own.includes(n) })),
  });

  test('the message is the prefix, the chain id and the hash', () => {
    expect(toHex0x(headerMessage(258, `0x${'ab'.repeat(32)}`))).toBe(
      `${toHex0x(utf8('zhenmei/header/v1\n'))}0000000000000102${'ab'.repeat(32)}`,
    );
    for (const id of [0, -1, 1.5, 2 ** 53])
      expect(codeOf(() => headerMessage(id, hash))).toBe('EVIDENCE_FORMAT');
    expect(codeOf(() => headerMessage(1, '0xab'))).toBe('EVIDENCE_FORMAT');
  });

  test('k of n, the operator never counted as independent', () => {
    const grade = (who: number[], k: number, own: number[]) =>
      gradeWitnesses(signed(...who), 5, hash, policy(k, own));
    expect(grade([0, 1], 2, [])).toBe('independent');
    expect(grade([0, 1, 2], 2, [0])).toBe('independent');
    expect(grade([0, 1], 2, [0])).toBe('operator-only');
    expect(grade([0], 1, [0])).toBe('operator-only');
    expect(grade([0], 2, [])).toBe('none');
    expect(grade([], 1, [0])).toBe('none');
    expect(grade([7, 8], 1, [])).toBe('none');
    expect(grade([0], 0, [])).toBe('none');
  });

  test('a wrong signature is an error whoever it names', () => {
    const [one, stranger] = signed(0, 9);
    const other = signHeader(seed(0), 6, hash);
    expect(codeOf(() => gradeWitnesses([other], 5, hash, policy(1, [])))).toBe('EVIDENCE_WITNESS_SIGNATURE');
    expect(
      codeOf(() => gradeWitnesses([{ ...stranger!, signature: one!.signature }], 5, hash, policy(1, []))),
    ).toBe('EVIDENCE_WITNESS_SIGNATURE');
    expect(
      codeOf(() => gradeWitnesses([{ ...one!, key: `0x${'ff'.repeat(32)}` }], 5, hash, policy(1, []))),
    ).toBe('EVIDENCE_WITNESS_SIGNATURE');
    expect(codeOf(() => gradeWitnesses([one!, one!], 5, hash, policy(1, [])))).toBe('EVIDENCE_FORMAT');
  });
});
