/** What a chain begins with. Written once; the life of the journal depends on it. */
import fs from 'node:fs';
import path from 'node:path';
import { AppError, type Hex } from '@zhenmei/kernel';
import '../errors.ts';
import { replaceFile } from './files.ts';

export interface Genesis {
  readonly chainId: number;
  /** Seconds since the epoch. */
  readonly genesisTime: number;
  /** Wei by lower-case address, as decimal text. Gas is free: only who sends value needs any. */
  readonly funded?: Readonly<Record<Hex, string>>;
}

/** The known genesis of a folder, or `made`, kept from now on. Throws CHAIN_ID_WRONG. */
export function openGenesis(folder: string, made: Genesis): Genesis {
  const file = path.join(folder, 'genesis.json');
  if (!fs.existsSync(file)) replaceFile(file, JSON.stringify(made));
  const known = JSON.parse(fs.readFileSync(file, 'utf8')) as Genesis;
  if (known.chainId !== made.chainId)
    throw new AppError('CHAIN_ID_WRONG', { expected: made.chainId, actual: known.chainId });
  return known;
}
