/** What the composition of the modules is given. */
import type { HttpServer } from '@zhenmei/http';
import type { ServerConfig } from '../config.ts';
import type { HouseClock } from './clock.ts';
import type { Coin } from './coins.ts';
import type { DocumentSeal } from './document-seal.ts';
import type { Engines } from './engines.ts';
import type { Protocol } from './protocol.ts';
import type { Secrets } from './secrets.ts';

export interface ModuleDeps {
  readonly config: ServerConfig;
  readonly clock: HouseClock;
  readonly engines: Engines;
  readonly protocol: Protocol;
  readonly secrets: Secrets;
  /** In which agreements may be held here beside the closed loop. */
  readonly coins: readonly Coin[];
  readonly seal: DocumentSeal;
  readonly sessions: HttpServer['sessions'];
}
