/** The HTTP contract of the vault: opaque bytes in, the same bytes out. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Keyset } from './core/keyset.ts';

const Ok = z.object({ ok: z.literal(true) });
/** A name the patient's device derives; it says nothing to the server. */
const Name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const Cipher = z.string().max(1_500_000);

export const vaultApi = {
  readKeyset: defineRoute({
    method: 'GET',
    path: '/api/vault/keyset',
    summary: { zh: '取回密钥组(密文)', en: 'Get the keyset (ciphertext)' },
    auth: 'patient',
    response: { 200: Keyset },
    errors: ['KEYSET_UNKNOWN'],
  }),
  writeKeyset: defineRoute({
    method: 'PUT',
    path: '/api/vault/keyset',
    summary: { zh: '保存密钥组(密文)', en: 'Save the keyset (ciphertext)' },
    auth: 'patient',
    body: Keyset,
    response: { 200: Ok },
    errors: ['KEYSET_CONFLICT'],
  }),
  readObject: defineRoute({
    method: 'GET',
    path: '/api/vault/objects/:name',
    summary: { zh: '取回一个加密文件', en: 'Get an encrypted file' },
    auth: 'patient',
    params: z.object({ name: Name }),
    response: { 200: z.object({ revision: z.int(), cipher: Cipher }) },
    errors: ['OBJECT_UNKNOWN'],
  }),
  writeObject: defineRoute({
    method: 'PUT',
    path: '/api/vault/objects/:name',
    summary: { zh: '保存一个加密文件', en: 'Save an encrypted file' },
    auth: 'patient',
    bodyLimit: 1_600_000,
    params: z.object({ name: Name }),
    body: z.object({ revision: z.int().min(1), cipher: Cipher }),
    response: { 200: Ok },
    errors: ['KEYSET_CONFLICT'],
  }),
  leave: defineRoute({
    method: 'POST',
    path: '/api/vault/mailbox/:label',
    summary: { zh: '为患者留下一份密封的文件', en: 'Leave a sealed file for a patient' },
    auth: 'desk',
    bodyLimit: 1_600_000,
    params: z.object({ label: Name }),
    body: z.object({ sealed: Cipher }),
    response: { 200: Ok },
    errors: [],
  }),
  collect: defineRoute({
    method: 'GET',
    path: '/api/vault/mailbox/:label',
    summary: { zh: '取走留给自己的文件', en: 'Collect what was left' },
    auth: 'public',
    params: z.object({ label: Name }),
    response: { 200: z.object({ sealed: Cipher }) },
    errors: ['OBJECT_UNKNOWN'],
  }),
};
export type VaultApi = typeof vaultApi;
