/** Randomness of the machine, as the modules are given it. */
import { randomBytes } from 'node:crypto';
import type { Random } from '@zhenmei/kernel';

export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };
