/** Agreements for tests, signed by real keys of both sides, and the seal that their papers get. */
import { p256 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { SignedAgreement } from '@zhenmei/care';
import { consentTextHash, teachBack } from '@zhenmei/care/core/consent.ts';
import { addressOf, signAsPatient, stepAfter, stepDigest, stepHash } from '@zhenmei/care/core/steps.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { accountSignature, passkeySignature, passkeySigner } from '@zhenmei/contracts/deploy/account.ts';
import {
  accountMessageHash,
  agreementId,
  offerTypedData,
  type TermsJson,
  termsFromJson,
} from '@zhenmei/contracts/deploy/typed-data.ts';
import { selfIssuedCertificate } from '@zhenmei/evidence';
import { type Hex, toHex0x } from '@zhenmei/kernel';
import { hashTypedData } from 'viem';
import { type AgreementFile, agreementPaper } from '../api/agreement-paper.ts';
import { agreementFile } from './agreement-file.ts';
import type { DocumentSeal } from './document-seal.ts';
import { printPaper } from './paper.ts';

export const MADE = 1_800_000_200_000;
const SIGNED = 1_800_000_000_000;
const bytes = (n: number) => new Uint8Array(32).fill(n);
const hex = (n: number, c = 'a'): Hex => `0x${c.repeat(n)}`;
const PATIENT = bytes(1);
const DEVICE = bytes(2);
const patient = addressOf(secp256k1.getPublicKey(PATIENT, false));
const clinic = hex(40, 'c');
export const CHAIN = { id: 952_480, escrow: hex(40, 'e') };

const words = (zh: string, en: string) => ({ zh, en });
const template = {
  id: 'filler',
  version: '1.0',
  title: words('注射填充知情同意书', 'Consent to filling'),
  text: words(
    `可能出现肿胀、淤青，极少数会堵塞血管。${'你可以随时停止。'.repeat(6)}`,
    `Swelling and bruises may occur; very rarely a vessel is blocked. ${'You may stop at any time. '.repeat(6)}`,
  ),
  questions: [
    {
      ask: words('最严重的风险是？', 'What is the gravest risk?'),
      options: [words('肿胀', 'Swelling'), words('堵塞血管', 'A blocked vessel')],
      answer: 1,
    },
  ],
};

const terms: TermsJson = {
  patient,
  clinic,
  token: hex(40, '1'),
  arbiter: hex(40, '2'),
  feeTo: hex(40, '3'),
  payout: hex(64, '4'),
  standard: hex(64, '5'),
  quote: hex(64, '6'),
  review: '7',
  openBy: 1_800_000_000,
  coolingOff: 604_800,
  arbiterWindow: 86_400,
  feeBps: 100,
  defaultSplitBps: 5_000,
  schedule: [],
  milestones: [{ amount: '398000', dueBy: 1_801_000_000, window: 86_400, performed: true }],
  salt: hex(64, '8'),
};

/** @param changed terms that both sides sign instead */
export async function signedAgreement(changed: Partial<TermsJson> = {}): Promise<SignedAgreement> {
  const signed = { ...terms, ...changed };
  const agreement = agreementId(termsFromJson(signed));
  const passkey = softwarePasskey(bytes(3), 'https://zhenmei.example');
  const hash = hashTypedData(offerTypedData(CHAIN.id, CHAIN.escrow, agreement));
  const assertion = await passkey.sign(accountMessageHash(CHAIN.id, clinic, hash), 'zhenmei.example');
  const point = toHex0x(passkey.publicKey);
  const signer = passkeySigner(hex(40, 'f'), `0x${point.slice(4, 68)}`, `0x${point.slice(68)}`);
  const visit = { id: '01890000-0000-7000-8000-000000000001', sequence: 1, lastHash: hex(64, '9') };
  const named = { agreement, template: template.id, version: template.version };
  const offer = stepAfter(
    visit,
    'offer',
    {
      ...named,
      quote: signed.quote,
      textHashZh: consentTextHash(template, 'zh-CN'),
      textHashEn: consentTextHash(template, 'en'),
      tag: signed.salt,
      doctorPresentation: hex(64),
      clinicPresentation: hex(64),
      sealedSecret: hex(64),
    },
    SIGNED,
  );
  const textHash = consentTextHash(template, 'zh-CN');
  const agree = stepAfter(
    { id: visit.id, sequence: 2, lastHash: stepHash(offer) },
    'agree',
    { ...named, language: 'zh-CN', textHash, teachBack: teachBack(template, [1]), commitment: hex(64, 'b') },
    SIGNED + 60_000,
  );
  return {
    agreementId: agreement,
    clinic: words('梅园医疗美容', 'Plum Garden'),
    doctor: words('林书宁', 'Lin Shuning'),
    procedure: words('玻尿酸填充', 'Filling with hyaluronic acid'),
    startsAt: 1_800_900_000_000,
    quote: {
      currency: 'CNY',
      items: [{ name: words('凝胶 1 mL', 'Gel 1 mL'), quantity: 2, unitPrice: '199000' }],
      excluded: [words('溶解', 'Dissolving')],
      validUntil: '2027-02-01T00:00:00.000Z',
    },
    terms: signed,
    template,
    language: 'zh-CN',
    textHash,
    offerSignature: accountSignature([{ signer, signature: passkeySignature(assertion) }]),
    keys: { clinic: toHex0x(p256.getPublicKey(DEVICE, false)), patient },
    steps: [
      {
        step: offer,
        signatures: { clinic: toHex0x(p256.sign(stepDigest(offer), DEVICE, { prehash: true })) },
        at: SIGNED + 1_000,
      },
      { step: agree, signatures: { patient: signAsPatient(agree, PATIENT) }, at: SIGNED + 61_000 },
    ],
  };
}

/** Another number gives another key and certificate. */
export function testSeal(number = 20): DocumentSeal {
  const privateKey = bytes(number);
  const address = 'https://zhenmei.example';
  const certificate = selfIssuedCertificate({
    privateKey,
    name: 'Zhenmei document seal (zhenmei.example)',
    address,
    from: SIGNED - 86_400_000,
    serial: bytes(number).slice(16),
  });
  return { privateKey, certificates: [certificate], address, published: '' };
}

export const signedFile = async (changed?: Partial<TermsJson>): Promise<AgreementFile> =>
  agreementFile(await signedAgreement(changed), CHAIN, true);

/** @param change of the attached file, before it is printed and sealed */
export async function sealedPaper(
  change: (file: AgreementFile) => AgreementFile = (file) => file,
  seal = testSeal(),
): Promise<Uint8Array<ArrayBuffer>> {
  return printPaper(agreementPaper(change(await signedFile())), MADE, seal);
}
