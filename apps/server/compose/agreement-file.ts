/** What a visit's two sides signed, as the file that travels inside their paper. */
import type { SignedAgreement } from '@zhenmei/care';
import type { Hex } from '@zhenmei/kernel';
import { AgreementFile } from '../api/agreement-paper.ts';
import { type Coin, coinAt } from './coins.ts';

/** @param absences whether the ledger takes reports of absence */
export function agreementFile(
  signed: SignedAgreement,
  chain: AgreementFile['chain'],
  absences: boolean,
  coins: readonly Coin[] = [],
): AgreementFile {
  const { agreementId, terms, offerSignature, keys, quote, template, language, textHash } = signed;
  const { clinic, doctor, procedure, startsAt } = signed;
  const coin = coinAt(coins, (terms as { token: Hex }).token);
  return AgreementFile.parse({
    type: 'zhenmei-agreement',
    version: 2,
    agreementId,
    chain,
    terms,
    offerSignature,
    keys,
    quote,
    template,
    language,
    textHash,
    steps: signed.steps.map(({ step, signatures: { clinic: device, patient }, at }) => ({
      step,
      signatures: { ...(device ? { clinic: device } : {}), ...(patient ? { patient } : {}) },
      at,
    })),
    coin: coin && { token: coin.token, symbol: coin.symbol, currency: coin.currency, digits: coin.digits },
    clinic,
    doctor,
    procedure,
    startsAt,
    absences,
  });
}
