/** The HTTP contract of the vault: opaque bytes in, the same bytes out. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { deviceRoutes, Ok } from './api-devices.ts';
import { recoveryRoutes } from './api-recovery.ts';

/** A name the patient's device derives; it says nothing to the server. */
const Name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
/** A label of 32 derived bytes; nobody guesses one. */
const Label = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const Revision = z.int().min(1).max(2_147_483_647);
/** base64url without padding; the handler takes one writing only. */
const Cipher = (bytes: number) =>
  z
    .string()
    .max(Math.ceil((bytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/);
const MB = 1_000_000;
const OBJECT = 8 * MB;
const DELIVERY = 1.1 * MB;
/** Of an object's content key; empty for objects whose key follows from the root directly. */
const WrappedKey = Cipher(100);
const Compartment = z.string().regex(/^[A-Za-z0-9_-]{0,64}$/);

export const vaultApi = {
  ...deviceRoutes,
  ...recoveryRoutes,
  listObjects: defineRoute({
    method: 'GET',
    path: '/api/vault/objects',
    summary: { zh: '列出加密文件', en: 'List encrypted files' },
    auth: 'patient',
    query: z.object({
      compartment: Compartment.optional(),
      after: Name.optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
    }),
    response: {
      200: z.object({
        objects: z.array(
          z.object({
            name: Name,
            revision: Revision,
            compartment: Compartment,
            wrappedKey: WrappedKey,
            size: z.int().min(0),
          }),
        ),
        next: Name.nullable(),
      }),
    },
    errors: [],
  }),
  readObject: defineRoute({
    method: 'GET',
    path: '/api/vault/objects/:name',
    summary: { zh: '取回一个加密文件', en: 'Get an encrypted file' },
    auth: 'patient',
    params: z.object({ name: Name }),
    response: {
      200: z.object({
        revision: Revision,
        cipher: Cipher(OBJECT),
        compartment: Compartment,
        wrappedKey: WrappedKey,
      }),
    },
    errors: ['OBJECT_UNKNOWN'],
  }),
  writeObject: defineRoute({
    method: 'PUT',
    path: '/api/vault/objects/:name',
    summary: { zh: '保存一个加密文件', en: 'Save an encrypted file' },
    auth: 'patient',
    bodyLimit: 11 * MB,
    params: z.object({ name: Name }),
    body: z.object({
      revision: Revision,
      cipher: Cipher(OBJECT),
      compartment: Compartment.optional(),
      wrappedKey: WrappedKey.optional(),
    }),
    response: { 200: Ok },
    errors: ['OBJECT_CONFLICT', 'BYTES_NOT_BASE64URL'],
  }),
  leave: defineRoute({
    method: 'POST',
    path: '/api/vault/mailbox/:label',
    summary: { zh: '为患者留下一份密封的文件', en: 'Leave a sealed file for a patient' },
    auth: 'desk',
    bodyLimit: 1.6 * MB,
    params: z.object({ label: Label }),
    body: z.object({ sealed: Cipher(DELIVERY) }),
    response: { 200: Ok },
    errors: ['MAILBOX_FULL', 'BYTES_NOT_BASE64URL'],
  }),
  collect: defineRoute({
    method: 'GET',
    path: '/api/vault/mailbox/:label',
    summary: { zh: '取走留给自己的文件', en: 'Collect what was left' },
    auth: 'public',
    params: z.object({ label: Label }),
    query: z.object({ n: z.coerce.number().int().min(1).max(1_000).optional() }),
    response: { 200: z.object({ sealed: Cipher(DELIVERY), n: z.int().min(1), count: z.int().min(1) }) },
    errors: ['OBJECT_UNKNOWN'],
  }),
};
export type VaultApi = typeof vaultApi;
