/**
 * `verifyPaper`: whether a PDF of this house's kind is sealed as a whole, by whom, and whether what is printed is what
 * both sides signed. From cores only, with the printer passed in: no network, no clock.
 */
import { type CertificateFacts, readCertificate, validAt } from '@zhenmei/evidence/core/seal/certificate.ts';
import { firstDifference } from '@zhenmei/evidence/core/seal/pdf-again.ts';
import { openPdf } from '@zhenmei/evidence/core/seal/pdf-file.ts';
import { attachedFile, printedText, squeezed } from '@zhenmei/evidence/core/seal/pdf-text.ts';
import { readSeal, type Seal } from '@zhenmei/evidence/core/seal/seal.ts';
import { sealLines } from '@zhenmei/evidence/core/seal/seal-words.ts';
import { AppError, equalBytes, toIso } from '@zhenmei/kernel';
import type { Paper, PaperBlock } from '@zhenmei/money/core/settlement-paper.ts';
import { AGREEMENT_FILE, type AgreementFile, agreementPaper } from '@zhenmei/server/api/agreement-paper.ts';
import { type ProofResult, prove, result } from '../result.ts';
import { checkAgreement, checkClinic, checkPatient, readAgreementFile } from './agreement.ts';
import './words.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export const PAPER_PARTS = ['seal', 'certificate', 'agreement', 'patient', 'clinic', 'printed'] as const;
export type PaperPart = (typeof PAPER_PARTS)[number];

export interface PaperInput {
  readonly bytes: Bytes;
  /** DER of the certificates that may have sealed it; none if nobody is named. */
  readonly certificates: readonly Bytes[];
  /** Whether the second certificate issued the first, by name and signature. */
  issued(certificate: Bytes, issuer: Bytes): boolean;
  /** The printer of papers: the same content at the same time under the same seal as a PDF whose seal is still empty. */
  print(paper: Paper, made: number, seal: Pick<Seal, 'certificates' | 'address'>): Promise<Bytes>;
}

export interface PaperVerification {
  /** `sealed`: a paper without an agreement inside, such as an invoice. */
  readonly kind: 'agreement' | 'sealed' | 'unknown';
  /** 0 all proven, 1 something is false, 2 something cannot be judged. */
  readonly exit: 0 | 1 | 2;
  readonly proofs: Readonly<Partial<Record<PaperPart, ProofResult>>>;
  readonly signer: Omit<CertificateFacts, 'point'> | null;
  /** When the house says that it sealed, and the address it gives. */
  readonly sealedAt: string | null;
  readonly address: string | null;
}

/** Codes after which nothing can be said, true or false. */
const UNJUDGED = ['PAPER_TOO_LARGE', 'PAPER_UNREADABLE', 'PAPER_NOT_SEALED'];

export async function verifyPaper(input: PaperInput): Promise<PaperVerification> {
  let seal: Seal;
  let file: AgreementFile | null;
  try {
    seal = readSeal(input.bytes);
    const attached = await attachedFile(seal.pdf, AGREEMENT_FILE);
    file = attached === null ? null : readAgreementFile(attached);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const verdict = UNJUDGED.includes(error.code) ? 'cannot-judge' : 'false';
    const proofs = { seal: result(verdict, error.code, {}, error.params) };
    return { kind: 'unknown', exit: exitOf(proofs), proofs, signer: null, sealedAt: null, address: null };
  }
  const part = (code: string, check: () => ProofResult['facts'] | null) =>
    prove(async () => {
      const facts = check();
      return result('proven', code, facts ? { facts } : {});
    });
  const proofs: Partial<Record<PaperPart, ProofResult>> = {
    seal: result('proven', 'SEAL_PROVEN'),
    certificate: judgeOwner(seal, input),
  };
  if (file) {
    const inside = file;
    proofs.agreement = await part('PAPER_AGREEMENT_PROVEN', () => checkAgreement(inside));
    proofs.patient = await part('PAPER_PATIENT_PROVEN', () => checkPatient(inside));
    proofs.clinic = await part('PAPER_CLINIC_PROVEN', () => checkClinic(inside));
    const printed = await prove(async () => {
      const again = openPdf(await input.print(agreementPaper(inside), seal.at, seal));
      const place = await firstDifference(seal.pdf, again);
      if (place !== null) {
        comparePrint(await printedText(seal.pdf), expectedText(inside, seal));
        throw new AppError('PAPER_DRAWN_OTHERWISE', { what: place });
      }
      return result('proven', 'PAPER_PRINT_PROVEN');
    });
    proofs.printed = printed;
  }
  const { point: _, ...signer } = seal.signer;
  return {
    kind: file ? 'agreement' : 'sealed',
    exit: exitOf(proofs),
    proofs,
    signer,
    sealedAt: toIso(seal.at),
    address: seal.address,
  };
}

function exitOf(proofs: PaperVerification['proofs']): 0 | 1 | 2 {
  const verdicts = Object.values(proofs).map(({ verdict }) => verdict);
  if (verdicts.includes('false')) return 1;
  return verdicts.every((verdict) => verdict === 'proven') ? 0 : 2;
}

/** The named certificate itself, or the end of the chain that the seal carries. */
function judgeOwner(
  { certificates, signer, at }: Seal,
  { certificates: named, issued }: PaperInput,
): ProofResult {
  const { subject, fingerprint } = signer;
  if (named.length === 0) return result('cannot-judge', 'SEAL_OWNER_UNNAMED', {}, { subject, fingerprint });
  const isNamed = (one: Bytes) => named.some((other) => equalBytes(one, other));
  let chain: Bytes[] = [];
  for (const one of certificates) {
    if (chain.length > 0 && !issued(chain.at(-1)!, one)) break;
    chain = [...chain, one];
    if (isNamed(one)) break;
  }
  const last = chain.at(-1)!;
  const issuer = isNamed(last) ? null : named.find((one) => issued(last, one));
  if (issuer === undefined) return result('false', 'SEAL_OWNER_OTHER', {}, { subject, fingerprint });
  if (![...chain, ...(issuer ? [issuer] : [])].every((one) => validAt(readCertificate(one), at)))
    return result('false', 'SEAL_OWNER_PERIOD');
  return result(
    'proven',
    'SEAL_OWNER_PROVEN',
    { facts: { fingerprint, selfIssued: signer.selfIssued } },
    { subject },
  );
}

/** All that the printer prints for this agreement under this seal. */
function expectedText(file: AgreementFile, { signer, address }: Seal): string {
  return squeezed([...agreementPaper(file).blocks.map(textOf), ...sealLines(signer, address)].join(''));
}

function textOf(block: PaperBlock): string {
  switch (block.kind) {
    case 'list':
      return block.items.map((item) => `· ${item}`).join('');
    case 'facts':
      return block.rows.flat().join('');
    case 'table':
      return [block.head, ...block.rows].flat().join('');
    default:
      return block.text;
  }
}

function comparePrint(printed: string, expected: string): void {
  if (printed === expected) return;
  const [a, b] = [[...printed], [...expected]];
  const at = a.findIndex((character, i) => character !== b[i]);
  const from = at < 0 ? a.length : at;
  throw new AppError('PAPER_PRINT_DIFFERS', { near: a.slice(Math.max(0, from - 12), from + 12).join('') });
}
