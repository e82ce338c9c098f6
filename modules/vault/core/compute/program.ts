/** A program that may run once over chosen files: what it is, what it takes, what it gives back. */
import type { ItemKind } from '../contents.ts';
import type { Shape } from './output.ts';

interface Both {
  readonly zh: string;
  readonly en: string;
}

export interface ProgramInfo {
  readonly id: string;
  readonly version: string;
  readonly name: Both;
  /** What it does, in a sentence a patient understands. */
  readonly does: Both;
  /** The model inside, named for a person; a program without one says so. */
  readonly model: Both;
  readonly accepts: readonly ItemKind[];
  readonly output: Shape;
}

export interface ProgramInput {
  readonly kind: ItemKind;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Program {
  readonly info: ProgramInfo;
  /** Pure; throws COMPUTE_INPUT for what it cannot read. */
  run(inputs: readonly ProgramInput[]): unknown;
}
