import { AppError, defineErrors } from '@zhenmei/kernel';
import { expect, it } from 'vitest';
import { asAppError, titleOf, toProblem } from './problem.ts';

defineErrors({
  TEST_AWAY: { status: 503, retryable: true, zh: '暂时不在，请再试。', en: 'Away for a moment. Try again.' },
  TEST_FINAL: { status: 422, retryable: false, zh: '不行。', en: 'No.' },
});

const withCode = (code: string) => Object.assign(new Error('x'), { code });

it.each(['57P01', '57P03', '08006', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])(
  'says that the database is away for %s, and that trying again helps',
  (code) => {
    const error = asAppError(withCode(code), 1);
    expect(error).toMatchObject({ code: 'DATABASE_AWAY', retryable: true, status: 503 });
  },
);

it('knows the driver’s own words for a lost connection', () => {
  for (const words of [
    'Connection terminated unexpectedly',
    'Client has encountered a connection error and is not queryable',
  ])
    expect(asAppError(new Error(words), 1).code).toBe('DATABASE_AWAY');
});

it.each([
  ['53100', 'could not extend file "base/5/16384": No space left on device'],
  ['XX000', 'could not write to log file "000000010000000000000001": File too large'],
  ['58030', 'could not write to file "pg_wal/xlogtemp.1": Disk quota exceeded'],
  ['ENOSPC', 'ENOSPC: no space left on device, write'],
  ['EDQUOT', 'EDQUOT: disk quota exceeded, write'],
  ['EFBIG', 'EFBIG: file too large, write'],
])('says that there is no room for %s, and that trying again helps', (code, message) => {
  const error = asAppError(Object.assign(new Error(message), { code }), 1);
  expect(error).toMatchObject({ code: 'STORAGE_FULL', retryable: true, status: 503 });
});

it('says so of a database that is away for want of room, and takes no other fault for that', () => {
  expect(asAppError(withCode('57P03'), 1, true).code).toBe('STORAGE_FULL');
  expect(asAppError(withCode('23505'), 1, true).code).toBe('UNEXPECTED');
  expect(asAppError(withCode('XX000'), 1).code).toBe('UNEXPECTED');
  const told = Object.assign(new Error('No space left on device'), { code: '22P02' });
  expect(asAppError(told, 1).code).toBe('UNEXPECTED');
});

it.each(['23505', '42P01', '22P02', 'ENOENT'])('does not take %s for a lost database', (code) => {
  expect(asAppError(withCode(code), 1).code).toBe('UNEXPECTED');
});

it('finds a retryable error of ours that a library has wrapped', () => {
  const cause = new AppError('TEST_AWAY');
  const wrapped = new Error('outer', { cause: new Error('middle', { cause }) });
  expect(asAppError(wrapped, 1)).toMatchObject({ code: 'TEST_AWAY', status: 503 });
});

it('does not speak for a final refusal that somebody else wrapped, nor follow causes without end', () => {
  expect(asAppError(new Error('outer', { cause: new AppError('TEST_FINAL') }), 1).code).toBe('UNEXPECTED');
  const round = new Error('round');
  round.cause = round;
  expect(asAppError(round, 1).code).toBe('UNEXPECTED');
});

it('keeps one title for all occurrences and both languages beside each other', () => {
  const problem = toProblem(new AppError('TEST_AWAY'), 'zh-CN', 't', 'https://x.example');
  expect(problem).toMatchObject({ title: '暂时不在，请再试', code: 'TEST_AWAY', retryable: true });
  expect(problem.texts.en.title).toBe(titleOf('Away for a moment. Try again.'));
});
