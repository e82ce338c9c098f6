/** Handlers around encrypted objects, by the names of their contract. */
import type { Handlers } from '@zhenmei/kernel';
import type { objectRoutes } from '../api-objects.ts';
import type { VaultContext } from '../app/context.ts';
import {
  deleteObject,
  listObjects,
  readBytes,
  readObject,
  rewrapObjects,
  writeObject,
} from '../app/keep-object.ts';
import { completeUpload, putPiece, readUpload, startUpload } from '../app/upload.ts';
import '../core/object-errors.ts';
import { done } from './done.ts';

export function objectHandlers(ctx: VaultContext): Handlers<typeof objectRoutes> {
  return {
    listObjects: ({ caller, query }) => listObjects(ctx, caller!.accountId, query),
    readObject: ({ caller, params }) => readObject(ctx, caller!.accountId, params.name),
    readBytes: ({ caller, params, range }) => readBytes(ctx, caller!.accountId, params.name, range ?? null),
    writeObject: ({ caller, params, body }) => done(writeObject(ctx, caller!.accountId, params.name, body)),
    deleteObject: ({ caller, params, query }) =>
      done(deleteObject(ctx, caller!.accountId, params.name, query.revision)),
    rewrapObjects: ({ caller, body }) => rewrapObjects(ctx, caller!.accountId, body.items),
    startUpload: ({ caller, body }) => startUpload(ctx, caller!.accountId, body),
    readUpload: ({ caller, params }) => readUpload(ctx, caller!.accountId, params.id),
    putPiece: ({ caller, params, body }) => done(putPiece(ctx, caller!.accountId, params.id, params.n, body)),
    completeUpload: ({ caller, params }) => done(completeUpload(ctx, caller!.accountId, params.id)),
  };
}
