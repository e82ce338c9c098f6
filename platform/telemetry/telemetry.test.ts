import { EventEmitter } from 'node:events';
import { AppError } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  createLogger,
  createShutdown,
  type Log,
  lateLog,
  markedPaths,
  redactMarked,
  refuseMarked,
} from './index.ts';

const phi = <T extends z.ZodType>(schema: T): T => schema.meta({ phi: true }) as T;
const Patient = z.object({
  id: z.string(),
  phone: phi(z.string()).optional(),
  allergies: z.array(z.object({ substance: phi(z.string()), since: z.int() })),
  notes: z.record(z.string(), phi(z.string())),
  contact: z.union([
    z.object({ kind: z.literal('mail'), mail: phi(z.string()) }),
    z.object({ kind: z.literal('none') }),
  ]),
  pair: z.tuple([z.string(), phi(z.string())]),
  weight: phi(z.number()).nullable().default(null),
  upper: phi(z.string()).transform((t) => t.toUpperCase()),
  both: z.object({ a: z.string() }).and(z.object({ b: phi(z.string()) })),
  tags: z.set(phi(z.string())).optional(),
});
interface Node {
  name: string;
  children: Node[];
}
const Tree: z.ZodType<Node> = z.lazy(() => z.object({ name: phi(z.string()), children: z.array(Tree) }));

const lines = (schemas: z.ZodType[], write: (log: Log) => void): string => {
  const out: string[] = [];
  const destination = { write: (line: string) => void out.push(line) };
  write(createLogger({ schemas, level: 'debug', destination, name: 'test' }));
  return out.join('');
};

describe('marked fields', () => {
  test('are found in every kind of schema', () => {
    const paths = markedPaths(Patient).map((path) => path.join('.'));
    expect(paths.sort()).toEqual(
      [
        'allergies.*.substance',
        'both.b',
        'contact.mail',
        'notes.*',
        'pair.*',
        'phone',
        'tags.*',
        'upper',
        'weight',
      ].sort(),
    );
    expect(markedPaths(Tree)).toEqual([['name']]);
    expect(markedPaths(phi(z.string()))).toEqual([[]]);
    expect(markedPaths(z.object({ plain: z.string() }))).toEqual([]);
    expect(markedPaths(z.record(phi(z.string()), z.string()))).toEqual([['*']]);
  });

  test('are refused with their path and without their value', () => {
    const value = { allergies: [{ since: 1 }, { substance: 'penicillin', since: 2 }] };
    try {
      refuseMarked(Patient, value);
      expect.unreachable();
    } catch (e) {
      expect(e).toBeInstanceOf(AppError);
      expect((e as AppError).code).toBe('PHI_NOT_ALLOWED');
      expect((e as AppError).params).toEqual({ path: '/allergies/1/substance' });
      expect(String(e)).not.toContain('penicillin');
    }
  });

  test.each([
    [Patient, { notes: { 'Ms Li': 'x' } }, '/notes/*'],
    [Patient, { pair: ['a', 'b'] }, '/pair/0'],
    [Patient, { tags: new Set(['x']) }, '/tags/*'],
    [phi(z.string()), 'x', '/'],
  ])('are refused wherever they stand (%#)', (schema, value, path) => {
    expect(() => refuseMarked(schema, value)).toThrow(expect.objectContaining({ params: { path } }));
  });

  test('an object without them passes', () => {
    expect(() =>
      refuseMarked(Patient, {
        id: '1',
        phone: undefined,
        weight: null,
        allergies: [],
        contact: { kind: 'none' },
      }),
    ).not.toThrow();
  });

  test('never leave the redaction, whatever the object', () => {
    const secret = 'PHI-7f3a';
    const value = fc.record({
      id: fc.string(),
      phone: fc.option(fc.constant(secret), { nil: undefined }),
      allergies: fc.array(fc.record({ substance: fc.constant(secret), since: fc.integer() })),
      notes: fc.dictionary(fc.string(), fc.constant(secret)),
      contact: fc.oneof(fc.constant({ kind: 'none' }), fc.constant({ kind: 'mail', mail: secret })),
      pair: fc.constant(['a', secret]),
      both: fc.constant({ a: 'a', b: secret }),
    });
    const paths = markedPaths(Patient);
    fc.assert(fc.property(value, (v) => !JSON.stringify(redactMarked(paths, v)).includes(secret)));
    expect(redactMarked([['a']], { a: 1, b: 2 })).toEqual({ a: '[redacted]', b: 2 });
  });
});

/** Any schema with marked leaves, and a value of it in which exactly the marked leaves hold the secret. */
const SECRET = 'PHI-9c1d';
const shape = fc.letrec<{ node: [z.ZodType, unknown]; object: [z.ZodType, unknown] }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constant<[z.ZodType, unknown]>([phi(z.string()), SECRET]),
    fc.constant<[z.ZodType, unknown]>([z.string(), 'plain']),
    fc.constant<[z.ZodType, unknown]>([phi(z.string()).nullable().optional(), SECRET]),
    tie('node').map(([s, v]): [z.ZodType, unknown] => [z.array(s), [v, v]]),
    tie('node').map(([s, v]): [z.ZodType, unknown] => [z.union([z.null(), s]), v]),
    tie('object'),
  ),
  object: fc
    .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('node'), { maxKeys: 4 })
    .map((members): [z.ZodType, unknown] => [
      z.object(Object.fromEntries(Object.entries(members).map(([k, [s]]) => [k, s]))),
      Object.fromEntries(Object.entries(members).map(([k, [, v]]) => [k, v])),
    ]),
}));

describe('the logger', () => {
  test('a marked field never appears, under any parent and in any schema', () => {
    fc.assert(
      fc.property(shape.object, ([schema, value]) => {
        const out = lines([schema], (log) => {
          log.info(value as object, 'whole');
          log.warn({ deep: { list: [value] } }, 'inside');
          log.child({ bound: value }).error({ err: new Error('x') }, 'bound');
        });
        return !out.includes(SECRET) && out.split('\n').filter(Boolean).length === 3;
      }),
      { numRuns: 300 },
    );
  });

  test('secrets of the house never appear; errors, big numbers and bytes can be read', () => {
    const out = lines([], (log) => {
      log.info(
        { headers: { Authorization: 'Bearer abc', cookie: 'zm_patient=abc' }, visitSecret: 'abc' },
        'request',
      );
      log.info(
        { n: 12n, bytes: new Uint8Array(3), map: new Map([['abc', 'abc']]), at: new Date(0) },
        'values',
      );
      log.error(new TypeError('boom'), 'failed');
    });
    expect(out).not.toContain('abc');
    const [, values, failed] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(values).toMatchObject({
      level: 'info',
      n: '12',
      bytes: '[3 bytes]',
      at: '1970-01-01T00:00:00.000Z',
    });
    expect(failed).toMatchObject({
      level: 'error',
      msg: 'failed',
      err: { name: 'TypeError', message: 'boom' },
    });
  });

  test('an object that contains itself does not stop the log', () => {
    const loop: Record<string, unknown> = { name: 'x' };
    loop.self = loop;
    expect(lines([], (log) => log.info(loop, 'loop'))).toContain('[deeper]');
  });
});

describe('a log that is made late', () => {
  const lines: string[] = [];
  const real = () => createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });

  test('is made once, when something is said, and then says it all in order', async () => {
    lines.length = 0;
    const there = Promise.withResolvers<Log>();
    let made = 0;
    const log = lateLog(() => {
      made++;
      return there.promise;
    });
    const part = log.child({ part: 'database' });
    expect(made).toBe(0);
    part.warn({ token: 'seven' }, 'first');
    log.debug({}, 'not asked for');
    log.child({ part: 'a' }).child({ n: 2 }).info({}, 'second');
    expect([made, lines.length]).toEqual([1, 0]);
    there.resolve(real());
    await there.promise;
    part.info({}, 'third');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { part: 'database', token: '[redacted]', msg: 'first' },
      { part: 'a', n: 2, msg: 'second' },
      { part: 'database', msg: 'third' },
    ]);
    expect(lines.join('')).not.toContain('seven');
  });
});

describe('shutdown', () => {
  const quiet = { info: () => undefined, error: () => undefined };

  test('closes in reverse order, goes on after a failure, and says so in the exit code', async () => {
    const order: string[] = [];
    const shutdown = createShutdown({ log: quiet });
    shutdown.add('database', async () => void order.push('database'));
    shutdown.add('broken', () => Promise.reject(new Error('no')));
    shutdown.add('http', () => void order.push('http'));
    expect(shutdown.closing).toBe(false);
    const [first, second] = await Promise.all([shutdown.close('test'), shutdown.close('again')]);
    expect(order).toEqual(['http', 'database']);
    expect([first, second, await shutdown.done]).toEqual([1, 1, 1]);
    expect(shutdown.asked).toBe(false);
  });

  test('a clean end is 0', async () => {
    const shutdown = createShutdown({ log: quiet });
    shutdown.add('nothing', () => undefined);
    expect(await shutdown.close('test')).toBe(0);
  });

  test('what hangs is left after the deadline', async () => {
    const codes: number[] = [];
    const shutdown = createShutdown({ log: quiet, deadlineMs: 20, exit: (code) => void codes.push(code) });
    shutdown.add('hangs', () => new Promise(() => undefined));
    void shutdown.close('test');
    expect(await shutdown.done).toBe(1);
    expect(codes).toEqual([1]);
  });

  test('one Ctrl-C that arrives twice is one; a later one forces; a lost launcher closes too', async () => {
    const codes: number[] = [];
    const signals = new EventEmitter();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const shutdown = createShutdown({ log: quiet, signals, exit: (code) => void codes.push(code) });
    shutdown.add('slow', () => held);
    shutdown.listen();
    signals.emit('SIGINT', 'SIGINT');
    signals.emit('SIGINT', 'SIGINT');
    expect(codes).toEqual([]);
    expect([shutdown.closing, shutdown.asked]).toEqual([true, true]);
    const start = performance.now();
    await expect.poll(() => performance.now() - start, { timeout: 2_000 }).toBeGreaterThan(550);
    signals.emit('SIGINT', 'SIGINT');
    expect(codes).toEqual([1]);
    release();
    expect(await shutdown.done).toBe(0);

    const other = new EventEmitter();
    const orphan = createShutdown({ log: quiet, signals: other });
    orphan.listen();
    other.emit('disconnect');
    expect(await orphan.done).toBe(0);
    expect(orphan.asked).toBe(true);
  });
});
