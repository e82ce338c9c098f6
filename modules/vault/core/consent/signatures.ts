/**
 * Both sides sign a consent. The person does with the key that is her name at this organisation, the organisation with
 * the key of its licence when it first opens what was given. Neither signature says more than the receipt's hash.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { AppError, fromBase64Url, fromHex, toBase64Url, utf8 } from '@zhenmei/kernel';
import { acknowledged } from '../grants/grant.ts';
import './errors.ts';
import { type ConsentReceipt, receiptHash } from './receipt.ts';

type Controller = NonNullable<NonNullable<ConsentReceipt['signatures']>['controller']>;

const given = (receipt: ConsentReceipt) => utf8(`zhenmei/receipt/given/v1\n${receiptHash(receipt)}`);

/** @param secret Ed25519 seed whose public key is the receipt's `piiPrincipal` */
export function signReceipt(receipt: ConsentReceipt, secret: Uint8Array): ConsentReceipt {
  const principal = toBase64Url(ed25519.sign(given(receipt), secret));
  return { ...receipt, signatures: { principal } };
}

/** Adds the other side. Throws RECEIPT_SIGNATURE_WRONG. */
export function withController(receipt: ConsentReceipt, controller: Controller): ConsentReceipt {
  if (!receipt.signatures || !holds(receipt, controller))
    throw new AppError('RECEIPT_SIGNATURE_WRONG', { side: 'controller' });
  return { ...receipt, signatures: { ...receipt.signatures, controller } };
}

/** Throws RECEIPT_SIGNATURE_WRONG, RECEIPT_MISSING if it was never signed. */
export function assertPrincipalSigned(receipt: ConsentReceipt): void {
  if (!receipt.signatures) throw new AppError('RECEIPT_MISSING');
  if (!isSignedByPrincipal(receipt, receipt.signatures.principal))
    throw new AppError('RECEIPT_SIGNATURE_WRONG', { side: 'principal' });
}

function isSignedByPrincipal(receipt: ConsentReceipt, signature: string): boolean {
  try {
    const key = fromBase64Url(receipt.piiPrincipal);
    return ed25519.verify(fromBase64Url(signature), given(receipt), key, { zip215: false });
  } catch {
    return false; // bytes that are no point
  }
}

function holds(receipt: ConsentReceipt, { grant, holder, signature }: Controller): boolean {
  try {
    const options = { prehash: true, lowS: false };
    const text = acknowledged(grant, receiptHash(receipt));
    return p256.verify(fromBase64Url(signature), text, fromHex(holder), options);
  } catch {
    return false;
  }
}

export type Signed = 'signed' | 'wrong' | 'not-yet';

/** Who signed, for whoever looks at a receipt alone. Whose the organisation's key is, its licence says. */
export function signaturesOf(receipt: ConsentReceipt): { principal: Signed; controller: Signed } {
  const { signatures } = receipt;
  if (!signatures) return { principal: 'not-yet', controller: 'not-yet' };
  const { principal, controller } = signatures;
  return {
    principal: isSignedByPrincipal(receipt, principal) ? 'signed' : 'wrong',
    controller: controller ? (holds(receipt, controller) ? 'signed' : 'wrong') : 'not-yet',
  };
}
