/** Somebody with an account and a vault of her own, on no screen. */
import { apiAt, random } from '@zhenmei/cli/visit-play.ts';
import { softwarePasskey } from '@zhenmei/client/software-passkey.ts';
import { Vault } from '@zhenmei/client/vault/vault.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import type { TestHouse } from './test-house.ts';

export async function newFriend(house: TestHouse): Promise<Vault> {
  const api = apiAt({ baseUrl: house.url, origin: house.url }, 'patient');
  const io = { api, now: () => house.house.deps.clock.now(), random };
  const passkey = softwarePasskey(random(32), house.url);
  const { challenge, rpId } = await io.api.call(identityApi.challenge, { body: { purpose: 'patient' } });
  const { json, prf } = await passkey.register({ challenge, rpId, userName: 'x' });
  await io.api.call(identityApi.registerPatient, { body: { registration: json } });
  return Vault.create(io, { kind: 'passkey', id: json.id, secret: prf! });
}
