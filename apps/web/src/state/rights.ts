/** Rights as the screens use them. */
import { consents, gatherSignatures } from '@zhenmei/client/vault/consents.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { patientApi } from './apis.ts';

/** Whose rules count: where the clinics of this house are. */
export const REGION = 'CN';

export const CONSENTS = ['my-consents'] as const;
export const ERASURES = ['my-erasures'] as const;
export const RESTRICTED = ['my-restricted'] as const;

/** With the organisations' signatures that came since. */
export async function myConsents(vault: Vault): ReturnType<typeof consents> {
  const list = await consents(vault);
  return (await gatherSignatures(vault, list)) > 0 ? consents(vault) : list;
}

export const myErasures = async () => (await patientApi.call(vaultApi.listErasures)).erasures;
export const restricted = async () => (await patientApi.call(vaultApi.listRestricted)).objects;

/** The link with which a certificate is read without an account; the token never leaves this device with the address. */
export const certificateLink = (id: string, token: string): string => `/erased/${id}#${token}`;
export const keepLink = (id: string, token: string): void =>
  localStorage.setItem('zm-erasure', JSON.stringify({ id, token }));
export function keptLink(id: string): string | null {
  const kept = JSON.parse(localStorage.getItem('zm-erasure') ?? 'null') as {
    id: string;
    token: string;
  } | null;
  return kept?.id === id ? certificateLink(id, kept.token) : null;
}
