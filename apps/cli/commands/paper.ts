/** `zhenmei paper verify`: a sealed PDF, offline: whole, by whom, and whether it prints what both sides signed. */
import { X509Certificate } from 'node:crypto';
import { parseArgs } from 'node:util';
import { PAPER_LIMIT } from '@zhenmei/evidence/core/seal/seal.ts';
import { AppError, toIso } from '@zhenmei/kernel';
import {
  PAPER_PARTS,
  type PaperPart,
  type PaperVerification,
  verifyPaper,
} from '@zhenmei/verifier/paper/verify-paper.ts';
import type { Command, Io } from '../command.ts';
import { orCouldNotJudge } from '../could-not-judge.ts';
import { terminalLanguage } from '../language.ts';
import { readBytes } from '../read-input.ts';

type Lang = 'zh' | 'en';
type Bytes = Uint8Array<ArrayBuffer>;

const NAMES: Record<PaperPart, { zh: string; en: string }> = {
  seal: { zh: '文件章', en: 'seal' },
  certificate: { zh: '盖章人', en: 'sealed by' },
  agreement: { zh: '合同', en: 'agreement' },
  patient: { zh: '患者', en: 'patient' },
  clinic: { zh: '机构', en: 'clinic' },
  printed: { zh: '印文', en: 'print' },
};
const VERDICTS = {
  proven: { zh: '成立', en: 'proven' },
  false: { zh: '不成立', en: 'false' },
  'cannot-judge': { zh: '无法判断', en: 'cannot judge' },
} as const;

export const command: Command = {
  name: 'paper',
  summary: { zh: '核对一份盖了文件章的 PDF', en: 'Check a sealed PDF: agreement, statement, invoice' },
  usage: [
    'zhenmei paper verify FILE [--certificate FILE] [--json]',
    '  FILE           the PDF as it was downloaded; - for standard input',
    '  --certificate  PEM: the certificate of the seal, or of whoever issued it. Without one, whose seal it is cannot be',
    '                 judged. It is never fetched or looked for: get it from somebody you trust, not from whoever shows',
    '                 the paper.',
    'Exit code: 0 all proven, 1 something is false, 2 something cannot be judged or read.',
  ].join('\n'),
  async run(args, io) {
    const { values, positionals } = parseArgs({
      args,
      options: { certificate: { type: 'string' }, json: { type: 'boolean' } },
      allowPositionals: true,
    });
    const [verb, file, ...more] = positionals;
    if (verb !== 'verify' || file === undefined || more.length > 0) {
      io.stderr(`${command.usage}\n`);
      return 2;
    }
    const lang: Lang = terminalLanguage() === 'zh-CN' ? 'zh' : 'en';
    return orCouldNotJudge(io, values.json, async () => {
      const certificates = readCertificates(values.certificate);
      const found = await verifyPaper({ bytes: await readPaper(file, io), certificates, issued, print });
      io.stdout(values.json ? `${JSON.stringify(found)}\n` : lines(found, lang));
      return found.exit;
    });
  },
};

/** Not more than the limit is ever read. Throws FILE_UNREADABLE, PAPER_TOO_LARGE. */
async function readPaper(file: string, io: Io): Promise<Bytes> {
  const bytes = file === '-' ? await io.stdin(PAPER_LIMIT) : readBytes(file, PAPER_LIMIT);
  if (bytes.length > PAPER_LIMIT) throw new AppError('PAPER_TOO_LARGE', { limit: PAPER_LIMIT });
  return new Uint8Array(bytes);
}

/** The printer is large, and only agreements are printed again. */
const print: Parameters<typeof verifyPaper>[0]['print'] = async (...paper) =>
  (await import('@zhenmei/server/compose/paper.ts')).drawPaper(...paper);

/** None unless they are named. Throws FILE_UNREADABLE, CERTIFICATE_FILE_INVALID. */
function readCertificates(file: string | undefined): Bytes[] {
  if (file === undefined) return [];
  const text = Buffer.from(readBytes(file, PAPER_LIMIT)).toString('latin1');
  try {
    const found = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)!;
    return found.map((pem) => new Uint8Array(new X509Certificate(pem).raw));
  } catch (cause) {
    throw new AppError('CERTIFICATE_FILE_INVALID', { file }, { cause });
  }
}

/** Whether an authority issued a certificate, by names, by what it may do, and by its signature. */
function issued(certificate: Bytes, issuer: Bytes): boolean {
  try {
    const [one, by] = [new X509Certificate(certificate), new X509Certificate(issuer)];
    return by.ca && one.checkIssued(by) && one.verify(by.publicKey);
  } catch {
    // a certificate that cannot be read issued nothing
    return false;
  }
}

function lines({ proofs, signer, sealedAt, address, kind }: PaperVerification, lang: Lang): string {
  const zh = lang === 'zh';
  const parts = PAPER_PARTS.flatMap((name) => {
    const proof = proofs[name];
    return proof
      ? [
          `${pad(NAMES[name][lang], 10)}${pad(VERDICTS[proof.verdict][lang], 14)}${proof.message[lang]} [${proof.code}]`,
        ]
      : [];
  });
  const inside =
    kind === 'sealed'
      ? [
          zh
            ? '文件里没有附合同，只核对了文件章。'
            : 'No agreement travels inside; only the seal was checked.',
        ]
      : [];
  const by = signer
    ? [
        zh
          ? `盖章时间（出具方自述）${sealedAt}，地址 ${address}`
          : `sealed (by its own word) ${sealedAt}, address ${address}`,
        `${signer.subject} / ${signer.issuer} · SHA-256 ${signer.fingerprint}`,
        signer.until === null ? `${toIso(signer.from)} –` : `${toIso(signer.from)} – ${toIso(signer.until)}`,
        ...(signer.selfIssued
          ? [
              zh
                ? '证书由出具方自己签发：除了它自己，没有人为它作证。'
                : 'The certificate is issued by the house itself: nobody else vouches for it.',
            ]
          : []),
      ]
    : [];
  return `${[...parts, ...inside, ...by].join('\n')}\n`;
}

/** Chinese characters are two columns wide. */
function pad(text: string, columns: number): string {
  const wide = [...text].reduce((sum, character) => sum + (character > '\u2e7f' ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(1, columns - wide));
}
