/** What patients gave to the clinic of this desk. */
import type { Clinic } from '@zhenmei/client/clinic.ts';
import { receivedGrants, registerDeskKey } from '@zhenmei/client/vault/reading.ts';

let registered: string | null = null;

/** Permissions that this device can open; its key is registered with the clinic's licence first. Throws GRANTEE_NOT_PROVEN. */
export async function sharedWithUs(clinic: Clinic): Promise<Awaited<ReturnType<typeof receivedGrants>>> {
  const { deviceId } = clinic.desk;
  if (registered !== deviceId) {
    await registerDeskKey(clinic);
    registered = deviceId;
  }
  return receivedGrants(clinic);
}
