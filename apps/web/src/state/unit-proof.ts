/** Fetches the proof of a unit as the text that it is: its bytes are what is checked. */
import { ApiError } from '@zhenmei/client/api.ts';
import { language } from '../shell/words.ts';

/** The newest records may still be on their way into the log; that takes seconds. */
const TRIES = 8;
const PAUSE = 2_000;

/** Throws ApiError with the server's code. */
export async function fetchUnitProof(unit: string): Promise<string> {
  for (let tries = 1; ; tries++) {
    const reply = await fetch(`/api/units/proof?unit=${encodeURIComponent(unit)}`, {
      credentials: 'omit',
      headers: { 'accept-language': language() },
    });
    if (reply.ok) return reply.text();
    const problem = (await reply.json().catch(() => ({}))) as {
      code?: string;
      detail?: string;
      retryable?: boolean;
    };
    if (!problem.retryable || tries >= TRIES) {
      const text = problem.detail ?? '';
      throw new ApiError(problem.code ?? `HTTP_${reply.status}`, reply.status, false, { zh: text, en: text });
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}
