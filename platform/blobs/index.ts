/** Objects by content, in a folder or in S3. */
export { type FolderOptions, folderStore } from './folder.ts';
export { openBlobStore } from './open.ts';
export { type BlobSource, type BlobStore, DEFAULT_LIMIT, isKey, keyOf, type StoredBlob } from './store.ts';
