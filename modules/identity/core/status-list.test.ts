import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { fromHex, toBase64Url, utf8 } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ISSUER, issuer, LIST, NOW, statusList } from './fixtures/maker.ts';
import { signJws } from './jws.ts';
import { readStatusList, StatusBits, type StatusWidth, unpackStatusList } from './status-list.ts';

const open = async (token: string) => unpackStatusList(readStatusList(token));
const claims = { sub: LIST, iss: ISSUER, iat: NOW, exp: NOW + 100, ttl: 50 };
const token = (payload: object, header: object = {}) =>
  signJws({ alg: 'ES256', typ: 'statuslist+jwt', ...header }, payload, issuer.sign);
const listWith = (more: object, inside: object = {}) =>
  token({ ...claims, ...more, status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ', ...inside } });
const listOf = (lst: string, bits: unknown = 1) => token({ ...claims, status_list: { bits, lst } });

describe('examples printed in the specification', () => {
  it('§4.1: sixteen entries of one bit', async () => {
    const bits = await open(await listOf('eNrbuRgAAhcBXQ', 1));
    expect(Array.from({ length: 16 }, (_, i) => bits.get(i))).toEqual([
      1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1,
    ]);
  });

  it('§4.1: twelve entries of two bits', async () => {
    const bits = await open(await listOf('eNo76fITAAPfAgc', 2));
    expect(Array.from({ length: 12 }, (_, i) => bits.get(i))).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
  });

  it.each([
    [
      1,
      '78daeddc010dc0200c0041a88249400ad2903e0f4bba00bd93f002beb7a2a2010000a91e0900000000000000000000000000000080729604000000000000000000000000000000000000000000000000000000000000000000000000000000005c6f4800000000000000fc2c240000000000000000000000be1b12000000000000000000ecaa4b000000000000000000000000000000009b0b0900000000000000000038de9400000000000000002a30cc010000000080642f0bd8011b',
      [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ],
    [
      2,
      '78daeddb310d00211000412ea1a04004fe5520ed357c28c81d3312b6df68bc65480000000000406e21010000000000000000000000000000000000000000000000000000000000000040795b02000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000080f4ba0400000000000000000000000000406d764a000000000000000000000000000000000000000000e0922101000000000000000000000000000000000000fc131200000000000000000000000000000000000000000000000000000000000000c0912e01000000000000000000000000000000000000c07d4b02000000000000000000000000000000a8614a0000000000000000000000406a1fcd60010c',
      [1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 3],
    ],
  ] as const)('appendix C: a million entries of %i bits', async (width, packed, expected) => {
    const places = [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345];
    const bits = await open(await listOf(toBase64Url(fromHex(packed)), width));
    expect(bits.length).toBe(2 ** 20);
    expect(places.map((i) => bits.get(i))).toEqual(expected);
    expect(bits.bytes.filter((byte) => byte !== 0).length).toBe(places.length);
  });
});

describe('entries', () => {
  it('come back as they were set, in every width', () => {
    const width = fc.constantFrom<StatusWidth>(1, 2, 4, 8);
    fc.assert(
      fc.property(width, fc.array(fc.nat(255), { minLength: 1, maxLength: 200 }), (bits, values) => {
        const list = StatusBits.empty(values.length, bits);
        const cut = values.map((value) => value % 2 ** bits);
        for (const i of cut.keys()) list.set(i, 2 ** bits - 1);
        for (const [i, value] of cut.entries()) list.set(i, value);
        expect(cut.map((_, i) => list.get(i))).toEqual(cut);
      }),
    );
  });

  it.each([-1, 1.5, Number.NaN, 4, 2 ** 53])('has no place %d', (index) => {
    expect(() => StatusBits.empty(4).get(index)).toThrow('STATUS_INDEX');
    expect(() => StatusBits.empty(4).set(index, 1)).toThrow('STATUS_INDEX');
  });

  it.each([-1, 4, 0.5])('takes no value %d in two bits', (value) => {
    expect(() => StatusBits.empty(4).set(0, value)).toThrow('STATUS_VALUE');
  });

  it('of a whole list stay small', async () => {
    const bits = StatusBits.empty(131_072);
    for (let i = 0; i < 131_072; i += 97) bits.set(i, 1);
    expect((await statusList({}, { bits })).length).toBeLessThan(12_000);
  });
});

describe('refuses', () => {
  it.each<[string, string, string | Promise<string>]>([
    ['two parts', 'STATUS_FORMAT', 'a.b'],
    ['no JSON', 'STATUS_MALFORMED', 'AAAA.AAAA.AAAA'],
    ['too much text', 'STATUS_TOO_LARGE', 'a'.repeat(6 * 1024 * 1024 + 1)],
    ['another type', 'STATUS_TYPE', token(claims, { typ: 'JWT' })],
    ['alg none', 'STATUS_ALGORITHM', token(claims, { alg: 'none' })],
    ['critical extensions', 'STATUS_CRITICAL', token(claims, { crit: ['x'] })],
    ['no address', 'STATUS_CLAIM', token({ ...claims, sub: undefined })],
    ['an issuer that is a number', 'STATUS_CLAIM', token({ ...claims, iss: 1 })],
    ['no time', 'STATUS_CLAIM', token({ ...claims, iat: undefined })],
    ['an end that is a text', 'STATUS_CLAIM', token({ ...claims, exp: '1' })],
    ['a life of no seconds', 'STATUS_CLAIM', token({ ...claims, ttl: 0 })],
    ['a life before now', 'STATUS_CLAIM', token({ ...claims, ttl: -1 })],
    ['no list', 'STATUS_CLAIM', token(claims)],
    ['three parts and one more', 'STATUS_FORMAT', token(claims).then((t) => `${t}.`)],
    ['a tilde at its end', 'STATUS_SIGNATURE_ENCODING', token(claims).then((t) => `${t}~`)],
    ['a header with padding', 'STATUS_ENCODING', token(claims).then((t) => t.replace('.', '=.'))],
    ['a payload that is not UTF-8', 'STATUS_TEXT', 'e30._w.AA'],
    ['a payload that is a list', 'STATUS_MALFORMED', `e30.${toBase64Url(utf8('[]'))}.AA`],
    [
      'a list written twice',
      'STATUS_TWICE',
      `e30.${toBase64Url(utf8('{"status_list":1,"status_list":2}'))}.AA`,
    ],
    ['a payload nested too deeply', 'STATUS_TOO_DEEP', `e30.${toBase64Url(utf8('['.repeat(99)))}.AA`],
    ['the type in capitals', 'STATUS_TYPE', token(claims, { typ: 'STATUSLIST+JWT' })],
    ['the type with its tree', 'STATUS_TYPE', token(claims, { typ: 'application/statuslist+jwt' })],
    ['the type of a certificate', 'STATUS_TYPE', token(claims, { typ: 'dc+sd-jwt' })],
    ['a symmetric algorithm', 'STATUS_ALGORITHM', token(claims, { alg: 'HS256' })],
    ['an unencoded payload', 'STATUS_CRITICAL', token(claims, { b64: false })],
    ['an address of its key', 'STATUS_HEADER_KEY', token(claims, { jku: 'https://evil.example' })],
    ['an address that is a number', 'STATUS_CLAIM', token({ ...claims, sub: 1 })],
    ['a time that is a text', 'STATUS_CLAIM', token({ ...claims, iat: String(NOW) })],
    ['a time with a fraction', 'STATUS_CLAIM', token({ ...claims, iat: NOW + 0.5 })],
    ['an end that is null', 'STATUS_CLAIM', token({ ...claims, exp: null })],
    ['an end before its beginning', 'STATUS_PERIOD', token({ ...claims, exp: NOW - 1 })],
    ['a beginning that is a text', 'STATUS_CLAIM', listWith({ nbf: 'now' })],
    ['a life that is a text', 'STATUS_CLAIM', token({ ...claims, ttl: '50' })],
    ['a life with a fraction', 'STATUS_CLAIM', token({ ...claims, ttl: 0.5 })],
    ['a list that is a list', 'STATUS_CLAIM', token({ ...claims, status_list: [] })],
    ['a list that is null', 'STATUS_CLAIM', token({ ...claims, status_list: null })],
    ['an address of more lists that is a number', 'STATUS_CLAIM', listWith({}, { aggregation_uri: 1 })],
    ['no bits', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', null)],
    ['no width', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', 0)],
    ['sixteen bits', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', 16)],
    ['one and a half bits', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', 1.5)],
    ['entries that are a list', 'STATUS_CLAIM', listOf([] as never)],
    ['entries with a line end', 'STATUS_CLAIM', listOf('eNrbuRgAAhcBXQ\n')],
    ['entries with stray bits at their end', 'STATUS_CLAIM', listOf('eNrbuRgAAhcBXR')],
    ['three bits', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', 3)],
    ['bits as a text', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', '1')],
    ['no entries', 'STATUS_CLAIM', token({ ...claims, status_list: { bits: 1 } })],
    ['entries that are empty', 'STATUS_CLAIM', listOf('')],
    ['entries in standard base64', 'STATUS_CLAIM', listOf('eNrbuRgA+/cBXQ==')],
  ])('%s', async (_, code, text) => {
    const given = await text;
    expect(() => readStatusList(given)).toThrow(code);
  });

  it.each<[string, Uint8Array]>([
    ['raw deflate without the zlib frame', fromHex('dbb91800')],
    ['gzip', gzipSync(new Uint8Array(100))],
    ['plain bytes', new Uint8Array(100)],
    ['a header of zlib and nothing behind it', fromHex('78da')],
    ['a stream with a dictionary', deflateSync(new Uint8Array(100), { dictionary: utf8('zhenmei') })],
    ['another method than deflate', fromHex('79dadbb91800021701 5d'.replace(' ', ''))],
    ['a wrong check of the frame', fromHex('78dbdbb91800021701 5d'.replace(' ', ''))],
    ['two streams', Uint8Array.of(...deflateSync(new Uint8Array(9)), ...deflateSync(new Uint8Array(9)))],
    ['raw deflate of many', deflateRawSync(new Uint8Array(1000))],
    ['a stream cut short', deflateSync(new Uint8Array(1000)).subarray(0, 9)],
    ['a wrong checksum', fromHex('78dadbb91800021701ff')],
    ['something behind the stream', fromHex('78dadbb918000217015d00')],
  ])('to unpack %s', async (_, packed) => {
    await expect(open(await listOf(toBase64Url(packed)))).rejects.toThrow('STATUS_COMPRESSION');
  });

  it('a bomb before it unfolds', async () => {
    const bomb = deflateSync(new Uint8Array(256 * 1024 * 1024), { level: 9 });
    expect(bomb.length).toBeLessThan(300_000);
    const text = await listOf(toBase64Url(bomb));
    const before = process.memoryUsage().arrayBuffers;
    await expect(open(text)).rejects.toThrow('STATUS_TOO_LARGE');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024);
  });
});

it('a bomb of bombs unfolds neither', async () => {
  const bomb = deflateSync(deflateSync(new Uint8Array(64 * 1024 * 1024), { level: 9 }), { level: 9 });
  expect(bomb.length).toBeLessThan(2_000);
  // what is inside is a list of 8-bit entries like any other, and never unfolded again
  expect((await open(await listOf(toBase64Url(bomb), 8))).length).toBeLessThan(100_000);
  const exact = deflateSync(new Uint8Array(4 * 1024 * 1024), { level: 9 });
  expect((await open(await listOf(toBase64Url(exact), 8))).length).toBe(4 * 1024 * 1024);
  const over = deflateSync(new Uint8Array(4 * 1024 * 1024 + 1), { level: 9 });
  await expect(open(await listOf(toBase64Url(over), 8))).rejects.toThrow('STATUS_TOO_LARGE');
});

it('a list that names no life is believed for one day', async () => {
  const text = await token({ sub: LIST, iat: NOW, status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ' } });
  expect(readStatusList(text)).toMatchObject({ issuer: null, freshUntil: NOW + 86_400 });
});
