import type { PolicyPack } from '@zhenmei/policy';
import type { DeadlinePort, FilePort } from '../../ports.ts';
import type { ProvenanceContext } from '../context.ts';

/** What following goods needs beside it. */
export interface SupplyContext extends ProvenanceContext {
  readonly random: { bytes(length: number): Uint8Array<ArrayBuffer> };
  readonly deadlines: DeadlinePort;
  readonly files: FilePort;
  /** Rules of a region; none where it has none. */
  packs(region: string): readonly PolicyPack[];
}
