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

/** Answers that end nothing: a connection that is open and says no more. */
const open = (...parts: string[]) => {
  const encoded = parts.map((part) => new TextEncoder().encode(part));
  return (signal: AbortSignal) =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const part of encoded) controller.enqueue(part);
          signal.addEventListener('abort', () => controller.error(signal.reason));
        },
      }),
    );
};

/**
 * Listens to a server that answers so, one after the other.
 * @param most pauses, or else the number of times that it is heard, after which it was silent for too long
 * @returns what came of it, how often it paused and how often it heard anything
 */
async function listeningFor(
  most: { readonly pauses?: number; readonly heard?: number },
  ...answers: ((signal: AbortSignal) => Response)[]
) {
  const stop = new AbortController();
  let [pauses, heard] = [0, -1];
  const quiet: (() => void)[] = [];
  const api = new Api({
    baseUrl: 'http://desk.example',
    seat: 'desk',
    lang: () => 'en',
    newKey: () => '',
    fetch: async (_, init) => {
      const next = answers.shift();
      if (next) return next(init!.signal!);
      stop.abort();
      throw stop.signal.reason;
    },
  });
  const waits = {
    pause: async () => {
      if (++pauses === most.pauses) for (const end of quiet) end();
    },
    silence: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      quiet.push(resolve);
      if (++heard === most.heard) for (const end of quiet) end();
      return promise;
    },
  };
  const came = await watchEnd(api, 'g', stop.signal, waits).catch((error: ApiError) => error.code);
  return { came, pauses, heard };
}
async function listening(...answers: (() => Response)[]) {
  const { came, pauses } = await listeningFor({}, ...answers);
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

  const away = problem(503, 'DATABASE_AWAY', true);
  it.each([
    ['no connection can be made', 'NETWORK', () => expectNoAnswer()],
    ['the server stays away', 'DATABASE_AWAY', away],
    ['connections are made and say nothing', 'NETWORK', stream('retry: 2000\n\n')],
  ])('gives up when %s for too long', async (_, code, answer) => {
    const answers = Array.from({ length: 9 }, () => answer);
    expect(await listeningFor({ pauses: 3 }, ...answers)).toEqual({ came: code, pauses: 3, heard: 0 });
  });

  it('gives up on a connection that is open and says nothing more', async () => {
    const beats = open('retry: 2000\n\n', event('in-force'), ':\n\n', ':\n\n');
    expect(await listeningFor({ heard: 3 }, beats)).toEqual({ came: 'NETWORK', pauses: 0, heard: 3 });
  });

  it('counts silence from the last sign of life, whenever it came', async () => {
    // silent before that, and heard again: the silence is over
    expect(await listeningFor({}, broken, stream(event('in-force')), stream(event('ended')))).toEqual({
      came: true,
      pauses: 2,
      heard: 2,
    });
  });

  it('is silent once nobody wants to know', async () => {
    expect(await listening()).toEqual({ came: false, pauses: 0 });
  });
});

function expectNoAnswer(): never {
  throw new TypeError('fetch failed');
}
