/** `zhenmei verify`: the five proofs of a receipt, with one trust file, without network. */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { PARTS } from '@zhenmei/care/core/receipt.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { fromUtf8 } from '@zhenmei/kernel';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import type { Command } from '../command.ts';
import { terminalLanguage } from '../language.ts';

export const command: Command = {
  name: 'verify',
  summary: { zh: '离线核对一份收据的五个证明', en: 'Check the five proofs of a receipt offline' },
  usage:
    'zhenmei verify RECEIPT [--trust FILE] [--json]\n  --trust  the trust file; zhenmei-trust.json by default\nExit code: 0 all proven, 1 something is false, 2 something cannot be judged.',
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { trust: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const file = positionals[0];
    if (!file) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const zh = terminalLanguage() === 'zh-CN';
    const trust = parseTrustFile(fromUtf8(fs.readFileSync(values.trust ?? 'zhenmei-trust.json')).trim());
    const result = await verifyReceipt({ bytes: fs.readFileSync(file), trust, now: Date.now() });
    if (values.json) io.stdout(`${JSON.stringify(result)}\n`);
    else
      for (const name of PARTS) {
        const proof = result.proofs[name];
        const grade =
          proof.grade === 'operator-only'
            ? zh
              ? '（仅由运营者作证）'
              : ' (vouched for by the operator only)'
            : '';
        io.stdout(
          `${name.padEnd(10)}${proof.verdict.padEnd(14)}${zh ? proof.message.zh : proof.message.en}${grade}\n`,
        );
      }
    return result.exit;
  },
};
