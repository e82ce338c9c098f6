/** Listening for the end of a permission: what is tried again, and what is not taken for silence. */
import { describe, expect, it } from 'vitest';
import { Api, type ApiError } from '../api.ts';
import { watchEnd } from './reading.ts';

const event = (state: string) => `data: {"state":"${state}"}\n\n`;
const problem = (status: number, code: string, retryable: boolean) => () =>
  Response.json({ code, retryable, texts: { 'zh-CN': '不行', en: 'no' } }, { status });
const stream =
  (...parts: string[]) =>
  () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
          controller.close();
        },
      }),
    );
const broken = () =>
  new Response(new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) }));

/** Listens to a server that answers so, one after the other. @returns what came of it, and how often it paused */
async function listening(...answers: (() => Response)[]) {
  const stop = new AbortController();
  let pauses = 0;
  const api = new Api({
    baseUrl: 'http://desk.example',
    seat: 'desk',
    lang: () => 'en',
    newKey: () => '',
    fetch: async () => {
      const next = answers.shift();
      if (next) return next();
      stop.abort();
      throw stop.signal.reason;
    },
  });
  const pause = async () => void pauses++;
  const came = await watchEnd(api, 'g', stop.signal, pause).catch((error: ApiError) => error.code);
  return { came, pauses };
}

describe('listening for the end of a permission', () => {
  it('hears it, also in parts', async () => {
    expect(await listening(stream(event('in-force'), 'data: {"state":"en', 'ded"}\n\n'))).toEqual({
      came: true,
      pauses: 0,
    });
  });

  it.each([
    ['ends', stream(event('in-force'))],
    ['breaks', broken],
    ['cannot be made', () => expectNoAnswer()],
    ['finds a server that is away', problem(503, 'DATABASE_AWAY', true)],
  ])('goes on when the connection %s', async (_, first) => {
    expect(await listening(first, stream(event('ended')))).toEqual({ came: true, pauses: 1 });
  });

  it.each([
    ['who is signed in no more', problem(401, 'SIGN_IN_REQUIRED', false), 'SIGN_IN_REQUIRED'],
    ['who may not know', problem(404, 'GRANT_UNKNOWN', false), 'GRANT_UNKNOWN'],
    ['where nobody says why', () => new Response('', { status: 418 }), 'HTTP_418'],
  ])('tells %s instead of waiting for ever', async (_, refusal, code) => {
    expect(await listening(refusal, stream(event('ended')))).toEqual({ came: code, pauses: 0 });
  });

  it('is silent once nobody wants to know', async () => {
    expect(await listening()).toEqual({ came: false, pauses: 0 });
  });
});

function expectNoAnswer(): never {
  throw new TypeError('fetch failed');
}
