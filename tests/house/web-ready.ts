/** Before the journeys of a run: the web app is built, once, whichever worker opens the first house. */
import { ensureWeb } from '@zhenmei/cli/web-build.ts';

export default async function setup(): Promise<void> {
  await ensureWeb();
}
