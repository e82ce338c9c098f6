/** The signature of an organisation's account, checked without the chain: passkeys over the account's own message. */
import { p256 } from '@noble/curves/nist.js';
import { accountMessageHash, offerTypedData } from '@zhenmei/contracts/deploy/typed-data.ts';
import { concat, fromHex, type Hex, sha256, toBase64Url, utf8 } from '@zhenmei/kernel';
import { decodeAbiParameters, encodeAbiParameters, hashTypedData } from 'viem';

const SIGNATURES = [{ type: 'bytes[]' }, { type: 'bytes[]' }] as const;
const ASSERTION = [
  { type: 'bytes32' },
  { type: 'bytes32' },
  { type: 'uint256' },
  { type: 'uint256' },
  { type: 'bytes' },
  { type: 'string' },
] as const;
/** WebAuthn: a person was there. */
const PRESENT = 0x01;

export interface AccountSigned {
  readonly chain: { readonly id: number; readonly escrow: Hex };
  readonly account: Hex;
  readonly agreement: Hex;
  /** `abi.encode(bytes[] signers, bytes[] signatures)`, as ERC-7913 accounts read it. */
  readonly signature: Hex;
}

/**
 * Every key that the signature names signed the offer of this agreement for this account.
 * @returns the keys (x ‖ y), or null if one of them did not. That they were the account's is the ledger's to say.
 */
export function accountKeys({ chain, account, agreement, signature }: AccountSigned): Hex[] | null {
  try {
    const hash = hashTypedData(offerTypedData(chain.id, chain.escrow, agreement));
    const message = accountMessageHash(chain.id, account, hash);
    const decoded = decodeAbiParameters(SIGNATURES, signature);
    if (encodeAbiParameters(SIGNATURES, decoded) !== signature) return null;
    const [signers, signatures] = decoded;
    if (signers.length === 0 || signers.length !== signatures.length) return null;
    // an ERC-7913 signer: the verifier's address, then the point
    const keys = signers.map((signer) => `0x${signer.slice(42)}` as Hex);
    return keys.every((key, i) => passkeySigned(message, key, signatures[i]!)) ? keys : null;
  } catch {
    // what cannot be decoded signs nothing
    return null;
  }
}

function passkeySigned(message: Hex, key: Hex, signature: Hex): boolean {
  const decoded = decodeAbiParameters(ASSERTION, signature);
  if (encodeAbiParameters(ASSERTION, decoded) !== signature) return false;
  const [r, s, challengeAt, typeAt, authenticatorData, clientData] = decoded;
  const data = fromHex(authenticatorData);
  const challenge = `"challenge":"${toBase64Url(fromHex(message))}"`;
  return (
    key.length === 130 &&
    ((data[32] ?? 0) & PRESENT) === PRESENT &&
    clientData.startsWith(challenge, Number(challengeAt)) &&
    clientData.startsWith('"type":"webauthn.get"', Number(typeAt)) &&
    p256.verify(
      fromHex(`0x${r.slice(2)}${s.slice(2)}`),
      sha256(concat(data, sha256(utf8(clientData)))),
      fromHex(`0x04${key.slice(2)}`),
      { prehash: false, lowS: true },
    )
  );
}
