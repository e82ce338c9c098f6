import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppError, utf8 } from '@zhenmei/kernel';
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { readAge, writeAge } from './age-file.ts';

const codeOf = (p: Promise<unknown>) =>
  p.then(
    () => 'none',
    (e: AppError) => e.code,
  );
const record = utf8('病历 record '.repeat(9_000));
const passphrase = 'correct horse battery';

describe('an age file', () => {
  it('opens with its passphrase, and with nothing else', async () => {
    const file = await writeAge(record, { passphrase });
    expect(new TextDecoder().decode(file.subarray(0, 22))).toBe('age-encryption.org/v1\n');
    expect(Buffer.from(await readAge(file, { passphrase })).equals(Buffer.from(record))).toBe(true);
    expect(await codeOf(readAge(file, { passphrase: 'another passphrase 9' }))).toBe('AGE_NOT_OPENED');
    const changed = file.slice();
    changed[changed.length - 1]! ^= 1;
    expect(await codeOf(readAge(changed, { passphrase }))).toBe('AGE_NOT_OPENED');
    expect(await codeOf(readAge(file.slice(0, -20_000), { passphrase }))).toBe('AGE_NOT_OPENED');
    expect(await codeOf(readAge(utf8('no age file'), { passphrase }))).toBe('AGE_NOT_OPENED');
    // scrypt as age has it takes a second alone, and much more on a busy machine
  }, 120_000);

  it('opens with the identity of its recipient: X25519, and the hybrid with ML-KEM', async () => {
    for (const identity of [await generateX25519Identity(), await generateHybridIdentity()]) {
      const file = await writeAge(record, { recipient: await identityToRecipient(identity) });
      expect(Buffer.from(await readAge(file, { identity })).equals(Buffer.from(record))).toBe(true);
      const other = await generateX25519Identity();
      expect(await codeOf(readAge(file, { identity: other }))).toBe('AGE_NOT_OPENED');
    }
  });

  it('is not written for a weak passphrase or a recipient that is none', async () => {
    expect(await codeOf(writeAge(record, { passphrase: 'short' }))).toBe('PASSPHRASE_SHORT');
    expect(await codeOf(writeAge(record, { passphrase: 'aaaaaaaaaaaaaaa' }))).toBe('PASSPHRASE_PREDICTABLE');
    expect(await codeOf(writeAge(record, { recipient: 'age1nonsense' }))).toBe('AGE_RECIPIENT_WRONG');
    expect(await codeOf(readAge(record, { identity: 'AGE-SECRET-KEY-1NO' }))).toBe('AGE_NOT_OPENED');
  });

  it.runIf(existsSync('/usr/bin/age'))(
    'is read by the age tool, and reads what that tool wrote',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'age-'));
      const at = (name: string) => join(folder, name);
      const identity = await generateX25519Identity();
      const recipient = await identityToRecipient(identity);
      writeFileSync(at('key'), `${identity}\n`, { mode: 0o600 });
      writeFileSync(at('ours.age'), await writeAge(record, { recipient }));
      const opened = execFileSync('/usr/bin/age', ['-d', '-i', at('key'), at('ours.age')]);
      expect(opened.equals(Buffer.from(record))).toBe(true);
      writeFileSync(at('plain'), record);
      execFileSync('/usr/bin/age', ['-r', recipient, '-o', at('theirs.age'), at('plain')]);
      const theirs = new Uint8Array(readFileSync(at('theirs.age')));
      expect(Buffer.from(await readAge(theirs, { identity })).equals(Buffer.from(record))).toBe(true);
      rmSync(folder, { recursive: true });
    },
  );
});
