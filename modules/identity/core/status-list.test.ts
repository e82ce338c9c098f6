import { deflateSync } from 'node:zlib';
import { fromHex, toBase64Url } from '@zhenmei/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ISSUER, issuer, LIST, NOW, statusList } from './fixtures/maker.ts';
import { signJws } from './jws.ts';
import { readStatusList, StatusBits, type StatusWidth, unpackStatusList } from './status-list.ts';

const open = async (token: string) => unpackStatusList(readStatusList(token));
const claims = { sub: LIST, iss: ISSUER, iat: NOW, exp: NOW + 100, ttl: 50 };
const token = (payload: object, header: object = {}) =>
  signJws({ alg: 'ES256', typ: 'statuslist+jwt', ...header }, payload, issuer.sign);
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
    ['no JSON', 'STATUS_FORMAT', 'AAAA.AAAA.AAAA'],
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
    ['three bits', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', 3)],
    ['bits as a text', 'STATUS_BITS', listOf('eNrbuRgAAhcBXQ', '1')],
    ['no entries', 'STATUS_CLAIM', token({ ...claims, status_list: { bits: 1 } })],
    ['entries in standard base64', 'STATUS_CLAIM', listOf('eNrbuRgA+/cBXQ==')],
  ])('%s', async (_, code, text) => {
    const given = await text;
    expect(() => readStatusList(given)).toThrow(code);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['raw deflate without the zlib frame', fromHex('dbb91800')],
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

it('a list that names no life is believed for one day', async () => {
  const text = await token({ sub: LIST, iat: NOW, status_list: { bits: 1, lst: 'eNrbuRgAAhcBXQ' } });
  expect(readStatusList(text)).toMatchObject({ issuer: null, freshUntil: NOW + 86_400 });
});
