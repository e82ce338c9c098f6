/** Routes around encrypted objects: opaque bytes in, the same bytes out, whole or in part. */
import { defineRoute } from '@zhenmei/kernel';
import { z } from 'zod';
import { Ok } from './api-devices.ts';

/** A name the patient's device chooses; it says nothing to the server. */
const Name = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
export const Revision = z.int().min(1).max(2_147_483_647);
/** base64url without padding; the handler takes one writing only. */
export const Cipher = (bytes: number) =>
  z
    .string()
    .max(Math.ceil((bytes * 4) / 3))
    .regex(/^[A-Za-z0-9_-]*$/);
export const MB = 1_000_000;
const OBJECT = 8 * MB;
/** Of an object's content key; empty for objects whose key follows from the root directly. */
const WrappedKey = Cipher(100);
const Compartment = z.string().regex(/^[A-Za-z0-9_-]{0,64}$/);
const Octets: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);
const OCTET_STREAM = 'application/octet-stream';
/** Bytes and their place in the file; over HTTP the bytes alone, with `Range` and `Content-Range`. */
export const BytePart = z
  .object({ bytes: Octets, from: z.int().min(0), total: z.int().min(0) })
  .meta({ contentType: OCTET_STREAM, ranges: true });
const Upload = z.object({ id: z.uuid(), piece: z.int().min(1), missing: z.array(z.int().min(0)) });
const OneUpload = z.object({ id: z.uuid() });

export const objectRoutes = {
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
  readBytes: defineRoute({
    method: 'GET',
    path: '/api/vault/objects/:name/bytes',
    summary: { zh: '取回加密文件的字节，可只取一段', en: 'The bytes of an encrypted file, whole or a range' },
    auth: 'patient',
    params: z.object({ name: Name }),
    response: { 200: BytePart },
    errors: ['OBJECT_UNKNOWN', 'OBJECT_RANGE'],
    perMinute: 1_200,
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
    errors: ['OBJECT_CONFLICT', 'QUOTA_EXCEEDED', 'BYTES_NOT_BASE64URL'],
  }),
  deleteObject: defineRoute({
    method: 'DELETE',
    path: '/api/vault/objects/:name',
    summary: { zh: '删除一个加密文件', en: 'Delete an encrypted file' },
    auth: 'patient',
    params: z.object({ name: Name }),
    query: z.object({ revision: z.coerce.number().int().min(1) }),
    response: { 200: Ok },
    errors: ['OBJECT_UNKNOWN', 'OBJECT_CONFLICT'],
  }),
  rewrapObjects: defineRoute({
    method: 'POST',
    path: '/api/vault/objects/rewraps',
    summary: { zh: '用新钥匙重新包裹内容密钥', en: 'Wrap content keys anew' },
    auth: 'patient',
    body: z.strictObject({
      items: z
        .array(
          z.strictObject({
            name: Name,
            revision: Revision,
            compartment: Compartment,
            wrappedKey: WrappedKey,
          }),
        )
        .min(1)
        .max(1_000),
    }),
    bodyLimit: MB,
    response: { 200: z.object({ left: z.array(Name) }) },
    errors: [],
  }),
  startUpload: defineRoute({
    method: 'POST',
    path: '/api/vault/uploads',
    summary: { zh: '开始分段上传一个加密文件', en: 'Begin to upload an encrypted file in pieces' },
    auth: 'patient',
    body: z.strictObject({
      name: Name,
      revision: Revision,
      compartment: Compartment,
      wrappedKey: WrappedKey,
      size: z.int().min(1),
      digest: z.string().regex(/^[0-9a-f]{64}$/),
    }),
    response: { 200: Upload },
    errors: ['OBJECT_TOO_LARGE', 'QUOTA_EXCEEDED'],
  }),
  readUpload: defineRoute({
    method: 'GET',
    path: '/api/vault/uploads/:id',
    summary: { zh: '上传还缺哪些段', en: 'Which pieces of an upload are missing' },
    auth: 'patient',
    params: OneUpload,
    response: { 200: Upload },
    errors: ['UPLOAD_UNKNOWN'],
  }),
  putPiece: defineRoute({
    method: 'PUT',
    path: '/api/vault/uploads/:id/:n',
    summary: { zh: '上传一段', en: 'Upload a piece' },
    auth: 'patient',
    bodyLimit: 1_100_000,
    perMinute: 1_200,
    params: z.object({ id: z.uuid(), n: z.coerce.number().int().min(0).max(1_000) }),
    body: Octets.meta({ contentType: OCTET_STREAM }),
    response: { 200: Ok },
    errors: ['UPLOAD_UNKNOWN', 'UPLOAD_PIECE_WRONG'],
  }),
  completeUpload: defineRoute({
    method: 'POST',
    path: '/api/vault/uploads/:id/complete',
    summary: { zh: '上传完成', en: 'The upload is complete' },
    auth: 'patient',
    params: OneUpload,
    response: { 200: Ok },
    errors: ['UPLOAD_UNKNOWN', 'UPLOAD_INCOMPLETE', 'UPLOAD_DAMAGED', 'OBJECT_CONFLICT', 'QUOTA_EXCEEDED'],
  }),
};
