/** The feed of notices as a log of its own: origin, key and signed root (C2SP), beside the log that holds everything. */
import type { FeedPort } from '@zhenmei/provenance';
import {
  checkpointText,
  ed25519Signer,
  encodeLeaf,
  formatVerifierKey,
  leafHash,
  MerkleTree,
  signNote,
} from '@zhenmei/tlog';

/** Both logs are one operator's: the same key, under another name. */
export const feedOrigin = (logOrigin: string): string => `${logOrigin.replace(/\/log$/, '')}/recalls`;

export function recallFeed(logOrigin: string, seed: Uint8Array): FeedPort {
  const origin = feedOrigin(logOrigin);
  const signer = ed25519Signer(origin, seed);
  return {
    origin,
    async seal(leaves) {
      const tree = new MerkleTree();
      for (const text of leaves) tree.append(leafHash(encodeLeaf('recall', text)));
      return signNote(checkpointText({ origin, size: leaves.length, root: tree.root() }), signer);
    },
  };
}

/** As the trust file names it. */
export const feedVerifierKey = (logOrigin: string, seed: Uint8Array): string =>
  formatVerifierKey(ed25519Signer(feedOrigin(logOrigin), seed).key);
