/** The organisations that this device may act for: keys and licences, kept in the browser's own database. */
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { type Desk, joinDesk } from '@zhenmei/client/desk.ts';
import { identityApi } from '@zhenmei/identity/api.ts';
import { CREDENTIAL_TYPES } from '@zhenmei/identity/core/catalogue.ts';
import { webCryptoSigner } from '@zhenmei/identity/core/jws.ts';
import { registerApi } from '@zhenmei/identity/register-api.ts';
import { noneFor } from '@zhenmei/kernel';
import { demoApi } from '@zhenmei/server/api/contract.ts';
import { deskApi, now, random } from './apis.ts';
import { browserPasskey, signInAssertion } from './browser-passkey.ts';
import { deskStore, type Organisation, type StoredDesk } from './desk-store.ts';

/** Where a person works: one organisation, signed in on this device. */
export interface DeskSeat {
  readonly organisation: Organisation;
  readonly desk: Desk;
  /** The clinic's licences and secret; null for every other kind. */
  readonly clinic: Clinic | null;
}

function seatOf(kept: StoredDesk, organisation: Organisation): DeskSeat {
  const desk: Desk = {
    ...kept.desk,
    api: deskApi,
    device: { point: kept.point, sign: webCryptoSigner(kept.key.privateKey) },
    authenticator: browserPasskey(kept.credentialId),
  };
  const clinic: Clinic = {
    desk,
    secret: kept.secret,
    licence: kept.licence,
    doctorLicences: kept.doctorLicences,
    gln: kept.gln,
    now,
    random,
  };
  return { organisation, desk, clinic: organisation.kind === 'clinic' ? clinic : null };
}

/** The organisation that is signed in and whose keys are on this device, or null. */
export async function currentSeat(): Promise<DeskSeat | null> {
  const all = await deskStore.all();
  if (all.length === 0) return null;
  const me = await deskApi.call(identityApi.me).catch(noneFor('NOT_SIGNED_IN', 'SEAT_WRONG'));
  const kept = all.find((one) => one.desk.organisationId === me?.organisation?.id);
  if (!kept || !me?.organisation) return null;
  const organisation = me.organisation as Organisation;
  if (!kept.organisation) await deskStore.put({ ...kept, organisation });
  return seatOf(kept, organisation);
}

/** Organisations whose keys are on this device, signed in or not. */
export async function knownOrganisations(): Promise<Organisation[]> {
  return (await deskStore.all()).flatMap((kept) => (kept.organisation ? [kept.organisation] : []));
}

/** Joins an organisation of the demo world: one passkey prompt, then whatever its kind needs. */
export async function joinDemoDesk(key: string): Promise<void> {
  const { invitation } = await deskApi.call(demoApi.inviteDesk, { body: { organisation: key } });
  const joined = await join(invitation);
  const { clinicLicence, doctors } = await deskApi.call(demoApi.equipDesk);
  await keep({
    ...joined,
    licence: clinicLicence ?? '',
    doctorLicences: Object.fromEntries(doctors.map((d) => [d.id, d.licence])),
  });
  const seat = clinicLicence ? await currentSeat() : null;
  // so that patients can give to it from now on; where it is refused, the page of what is shared says why
  if (seat?.clinic) await (await import('./shared.ts')).sharedWithUs(seat.clinic).catch(() => undefined);
}

/** Joins with the code that another device of the organisation, or the operator, gave. */
export async function joinWithCode(code: string): Promise<void> {
  const joined = await join(code.trim());
  const { certificates } = await deskApi.call(registerApi.collectCertificates);
  const of = (type: string) => certificates.filter((one) => one.type === type);
  await keep({
    ...joined,
    licence: of(CREDENTIAL_TYPES.facilityLicence)[0]?.token ?? '',
    doctorLicences: Object.fromEntries(
      of(CREDENTIAL_TYPES.physicianLicence).map(({ subject, token }) => [subject, token]),
    ),
  });
}

async function join(invitation: string): Promise<StoredDesk> {
  const key = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
  const authenticator = browserPasskey();
  const device = { point, sign: webCryptoSigner(key.privateKey) };
  const desk = await joinDesk(deskApi, authenticator, device, invitation, 'Zhenmei desk');
  const { organisationId, deviceId, account, signer, rpId, chainId } = desk;
  return {
    credentialId: authenticator.credentialId() ?? '',
    key,
    point,
    secret: random(32),
    desk: { organisationId, deviceId, account, signer, rpId, chainId },
    gln: '',
    licence: '',
    doctorLicences: {},
  };
}

async function keep(joined: StoredDesk): Promise<void> {
  const organisation = (await deskApi.call(identityApi.me)).organisation as Organisation;
  await deskStore.put({ ...joined, gln: organisation.gln, organisation });
}

/** Signs in to an organisation that this device has joined before: one passkey prompt. */
export async function signInTo(organisationId: string): Promise<void> {
  const kept = await deskStore.get(organisationId);
  const { challenge, rpId } = await deskApi.call(identityApi.challenge, { body: { purpose: 'sign-in' } });
  const { json } = await signInAssertion(challenge, rpId, kept?.credentialId ?? null);
  await deskApi.call(identityApi.signIn, { body: { assertion: json } });
}

export async function signOutOfDesk(): Promise<void> {
  await deskApi.call(identityApi.signOut);
}
