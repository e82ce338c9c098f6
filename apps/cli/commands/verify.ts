/** `zhenmei verify`: the five proofs of a receipt, with one trust file; without network unless a node is named. */
import { parseArgs } from 'node:util';
import { PARTS, type PartName } from '@zhenmei/care/core/receipt.ts';
import { parseTrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { AppError, fromUtf8 } from '@zhenmei/kernel';
import type { ProofResult } from '@zhenmei/verifier/result.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import type { Command } from '../command.ts';
import { terminalLanguage } from '../language.ts';
import { readBytes } from '../read-input.ts';
import { askNode, readReceipt } from '../receipt-source.ts';

const NAMES: Record<PartName, { zh: string; en: string }> = {
  licence: { zh: '资质', en: 'licence' },
  product: { zh: '产品', en: 'product' },
  consent: { zh: '同意', en: 'consent' },
  money: { zh: '款项', en: 'money' },
  review: { zh: '评价', en: 'review' },
};
const VERDICTS = {
  proven: { zh: '成立    ', en: 'proven       ' },
  false: { zh: '不成立  ', en: 'false        ' },
  'cannot-judge': { zh: '无法判断', en: 'cannot judge ' },
} as const;
const GRADES: Partial<Record<NonNullable<ProofResult['grade']>, { zh: string; en: string }>> = {
  'operator-only': { zh: '（仅由运营者作证）', en: ' (vouched for by the operator only)' },
  'own-node': { zh: '（由你选的节点确认）', en: ' (confirmed by the node you chose)' },
};

export const command: Command = {
  name: 'verify',
  summary: { zh: '核对一份收据的五个证明', en: 'Check the five proofs of a receipt' },
  usage: [
    'zhenmei verify RECEIPT [--trust FILE] [--rpc URL] [--json]',
    '  RECEIPT  a file, - for standard input, or an http(s) address',
    '  --trust  the trust file: zhenmei-trust.json in this folder unless told. It is never fetched: get it from',
    '           somebody you trust, not from whoever shows the receipt.',
    '  --rpc    a node of your own choice to ask about the blocks; without it the witnesses of the trust file count,',
    '           and nothing is asked from the network',
    'Exit code: 0 all proven, 1 something is false, 2 something cannot be judged or read.',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { trust: { type: 'string' }, rpc: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [from, ...more] = positionals;
    if (from === undefined || more.length > 0) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const lang = terminalLanguage() === 'zh-CN' ? 'zh' : 'en';
    const trustPath = values.trust ?? 'zhenmei-trust.json';
    try {
      const trust = parseTrustFile(fromUtf8(readBytes(trustPath)).trim());
      const bytes = await readReceipt(from, io);
      const blocks = values.rpc === undefined ? null : await askNode(values.rpc, trust.chain.id, bytes);
      const result = await verifyReceipt({ bytes, trust, now: Date.now(), ...(blocks ? { blocks } : {}) });
      if (values.json) io.stdout(`${JSON.stringify({ ...result, trust: trustPath })}\n`);
      else {
        for (const name of PARTS) {
          const { verdict, message, grade } = result.proofs[name];
          io.stdout(
            `${NAMES[name][lang].padEnd(9)}${VERDICTS[verdict][lang]} ${message[lang]}${(grade && GRADES[grade]?.[lang]) ?? ''}\n`,
          );
        }
        io.stdout(lang === 'zh' ? `信任文件：${trustPath}\n` : `trust file: ${trustPath}\n`);
      }
      return result.exit;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { code } = error;
      if (values.json)
        io.stdout(`${JSON.stringify({ error: { code, zh: error.text('zh-CN'), en: error.text('en') } })}\n`);
      else io.stderr(`${error.text(terminalLanguage())} [${code}]\n`);
      return 2;
    }
  },
};
