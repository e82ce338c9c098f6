/** `zhenmei verify`: a receipt, the proof of a unit, or a certificate's code; one trust file, no network unless a node is named. */
import { parseArgs } from 'node:util';
import { parseTrustFile, type TrustFile } from '@zhenmei/evidence/core/trust-file.ts';
import { fromUtf8, type Hex } from '@zhenmei/kernel';
import { verifyCertificate } from '@zhenmei/verifier/certificate.ts';
import { verifyErasure } from '@zhenmei/verifier/erasure.ts';
import { kindOf } from '@zhenmei/verifier/kind.ts';
import { verifyReceipt } from '@zhenmei/verifier/verify-receipt.ts';
import { verifyUnitProof } from '@zhenmei/verifier/verify-unit.ts';
import type { Command } from '../command.ts';
import { orCouldNotJudge } from '../could-not-judge.ts';
import { terminalLanguage } from '../language.ts';
import { readBytes } from '../read-input.ts';
import { askNode, readReceipt } from '../receipt-source.ts';
import { certificateLines, erasureLines, receiptLines, unitLines } from '../verify-words.ts';

interface Outcome {
  readonly exit: number;
  readonly lines: string;
  readonly json: object;
}

async function check(
  bytes: Uint8Array,
  trust: TrustFile,
  blocks: ReadonlyMap<number, Hex> | null,
  lang: 'zh' | 'en',
): Promise<Outcome> {
  const input = { bytes, trust, now: Date.now(), ...(blocks ? { blocks } : {}) };
  switch (kindOf(bytes)) {
    case 'unit-proof': {
      const result = await verifyUnitProof(input);
      return { exit: result.exit, lines: unitLines(result, lang), json: { kind: 'unit-proof', ...result } };
    }
    case 'certificate':
      return checkText(fromUtf8(bytes), trust, lang);
    case 'erasure': {
      const result = await verifyErasure(fromUtf8(bytes), trust);
      return { exit: result.exit, lines: erasureLines(result, lang), json: { kind: 'erasure', ...result } };
    }
    case 'receipt': {
      const result = await verifyReceipt(input);
      return { exit: result.exit, lines: receiptLines(result, lang), json: result };
    }
  }
}

export const command: Command = {
  name: 'verify',
  summary: {
    zh: '核对收据、单品证明或治疗凭证',
    en: 'Check a receipt, the proof of a unit, or a treatment certificate',
  },
  usage: [
    'zhenmei verify FILE [--trust FILE] [--rpc URL] [--json]',
    'zhenmei verify --qr TEXT [--trust FILE] [--json]',
    '  FILE     a receipt, the proof of a unit, a certificate of treatment or of erasure: a file, - for standard input, or an',
    '           http(s) address. What it is, is told by its content.',
    '  --qr     the text that a certificate’s code holds, as any scanner gives it',
    '  --trust  the trust file: zhenmei-trust.json in this folder unless told. It is never fetched: get it from',
    '           somebody you trust, not from whoever shows the file.',
    '  --rpc    a node of your own choice to ask about the blocks; without it the witnesses of the trust file count,',
    '           and nothing is asked from the network',
    'Exit code: 0 all proven, 1 something is false or the unit must not be used, 2 something cannot be judged or read.',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: {
        trust: { type: 'string' },
        rpc: { type: 'string' },
        qr: { type: 'string' },
        json: { type: 'boolean' },
      },
      allowPositionals: true,
    });
    const [from, ...more] = positionals;
    if ((from === undefined) === (values.qr === undefined) || more.length > 0) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const lang = terminalLanguage() === 'zh-CN' ? 'zh' : 'en';
    const trustPath = values.trust ?? 'zhenmei-trust.json';
    return orCouldNotJudge(io, values.json, async () => {
      const trust = parseTrustFile(fromUtf8(readBytes(trustPath)).trim());
      const bytes = values.qr === undefined ? await readReceipt(from!, io) : Buffer.from(values.qr);
      const blocks = values.rpc === undefined ? null : await askNode(values.rpc, trust.chain.id, bytes);
      const outcome =
        values.qr === undefined
          ? await check(bytes, trust, blocks, lang)
          : await checkText(values.qr, trust, lang);
      if (values.json) io.stdout(`${JSON.stringify({ ...outcome.json, trust: trustPath })}\n`);
      else {
        io.stdout(outcome.lines);
        io.stdout(lang === 'zh' ? `信任文件：${trustPath}\n` : `trust file: ${trustPath}\n`);
      }
      return outcome.exit;
    });
  },
};

/** What a scanner gave is a certificate or nothing. */
async function checkText(text: string, trust: TrustFile, lang: 'zh' | 'en'): Promise<Outcome> {
  const result = await verifyCertificate(text, trust);
  return {
    exit: result.exit,
    lines: certificateLines(result, lang),
    json: { kind: 'certificate', ...result },
  };
}
