/** Where ciphertext is kept; content-addressed by its own hash. */
export interface BlobPort {
  put(bytes: Uint8Array): Promise<string>;
  get(key: string): Promise<Uint8Array>;
}
