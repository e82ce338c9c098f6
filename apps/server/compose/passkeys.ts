/** Whose passkeys sign in: kept by identity, changed by the vault's owner. */
import type { HttpServer } from '@zhenmei/http';
import {
  addPatientPasskey,
  closePatient,
  type IdentityContext,
  patientPasskeys,
  removePatientPasskeys,
} from '@zhenmei/identity';
import type { VaultContext } from '@zhenmei/vault';

export function passkeyPort(
  identity: IdentityContext,
  sessions: HttpServer['sessions'],
): VaultContext['passkeys'] {
  const open = async (accountId: string) => void (await sessions.open({ seat: 'patient', accountId }));
  return {
    add: (accountId, registration) => addPatientPasskey(identity, accountId, registration as never),
    list: (accountId) => patientPasskeys(identity, accountId),
    remove: (accountId, credentials) => removePatientPasskeys(identity, accountId, credentials),
    close: async (accountId) => {
      await closePatient(identity, accountId);
      await sessions.closeAll(accountId);
    },
    signIn: open,
    signOutOthers: async (accountId) => {
      await sessions.closeAll(accountId);
      await open(accountId);
    },
  };
}
