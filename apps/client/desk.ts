/** An organisation's device: joins, signs operations with its passkey and steps with its own key. */
import { accountSignature, passkeySignature } from '@zhenmei/contracts/deploy/account.ts';
import { accountMessageHash } from '@zhenmei/contracts/deploy/typed-data.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { pointJwk } from '@zhenmei/identity/core/jwk.ts';
import type { Es256Signer } from '@zhenmei/identity/core/jws.ts';
import { type Hex, toHex0x } from '@zhenmei/kernel';
import { houseApi } from '@zhenmei/server/api/contract.ts';
import { hashTypedData } from 'viem';
import type { Api } from './api.ts';
import type { Authenticator } from './authenticator.ts';

export interface DeviceKey {
  /** Uncompressed P-256 point. */
  readonly point: Uint8Array;
  readonly sign: Es256Signer;
}

export interface Desk {
  readonly api: Api;
  readonly organisationId: string;
  readonly deviceId: string;
  readonly account: Hex;
  readonly signer: Hex;
  readonly device: DeviceKey;
  readonly authenticator: Authenticator;
  readonly rpId: string;
  readonly chainId: number;
}

/** Joins an organisation with an invitation: one passkey prompt. */
export async function joinDesk(
  api: Api,
  authenticator: Authenticator,
  device: DeviceKey,
  invitation: string,
  userName: string,
): Promise<Desk> {
  const { challenge, rpId } = await api.call(identityApi.challenge, { body: { purpose: 'desk' } });
  const registration = await authenticator.register({ challenge, rpId, userName });
  const joined = await api.call(identityApi.joinDevice, {
    body: { invitation, registration: registration.json, holderKey: toHex0x(device.point) },
  });
  const { chainId } = await api.call(houseApi.readConfig);
  return {
    api,
    organisationId: joined.organisationId,
    deviceId: joined.deviceId,
    account: joined.account,
    signer: joined.signer,
    device,
    authenticator,
    rpId,
    chainId,
  };
}

/** Makes calls as the organisation: prepared and paid by the platform, signed by the passkey. */
export async function operate(
  desk: Desk,
  calls: readonly { to: Hex; data: Hex }[],
): Promise<{ transaction: Hex; block: number }> {
  return sendOperation(desk, await signOperation(desk, calls));
}

/** Prepared and signed, not yet sent: one passkey prompt. */
export async function signOperation(desk: Desk, calls: readonly { to: Hex; data: Hex }[]) {
  const { operation, hash } = await desk.api.call(houseApi.prepareOperation, { body: { calls: [...calls] } });
  return { operation, signature: await signAs(desk, hash) };
}

export const sendOperation = (desk: Desk, signed: Awaited<ReturnType<typeof signOperation>>) =>
  desk.api.call(houseApi.sendOperation, { body: signed });

/** Signature of the organisation's account over a hash that a contract will ask it about (ERC-1271). */
export async function signForAccount(desk: Desk, typed: Parameters<typeof hashTypedData>[0]): Promise<Hex> {
  return signAs(desk, accountMessageHash(desk.chainId, desk.account, hashTypedData(typed)));
}

async function signAs(desk: Desk, hash: Hex): Promise<Hex> {
  const assertion = await desk.authenticator.sign(hash, desk.rpId);
  return accountSignature([{ signer: desk.signer, signature: passkeySignature(assertion) }]);
}

export const deviceJwk = (device: DeviceKey) => pointJwk(device.point);
