import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalLink } from './canonical-link.ts';
import { SET_82 } from './characters.ts';
import { checkPair, hasCheckDigit, toGtin14 } from './check-digit.ts';
import { buildDigitalLink } from './digital-link.ts';
import { linkToUrn, urnToLink } from './epc-urn.ts';
import { lotLink, parseLotLink, parseSiteLink, parseUnitLink, siteLink, unitLink } from './links.ts';
import { deviceIdentification, productCode } from './product-code.ts';
import { read } from './read.ts';
import { readCode } from './read-code.ts';

const GTIN = '04006381333931';
const serial = fc.string({ unit: fc.constantFrom(...SET_82), minLength: 1, maxLength: 20 });

describe('addresses of units, lots and sites', () => {
  it('give back what they were built from, whatever the serial', () => {
    fc.assert(
      fc.property(serial, (text) => {
        expect(parseUnitLink(unitLink(GTIN, text))).toEqual({ gtin: GTIN, serial: text });
        expect(parseLotLink(lotLink(GTIN, text))).toEqual({ gtin: GTIN, lot: text });
        expect(readCode(unitLink(GTIN, text), 2026).serial).toBe(text);
        const built = buildDigitalLink([
          { ai: '21', value: text },
          { ai: '01', value: GTIN },
        ])!;
        expect(canonicalLink(built)).toBe(unitLink(GTIN, text));
        expect(canonicalLink(unitLink(GTIN, text))).toBe(unitLink(GTIN, text));
      }),
    );
  });

  it('are not found in other texts', () => {
    expect(parseUnitLink(lotLink(GTIN, 'A'))).toBeNull();
    expect(parseUnitLink(`https://id.gs1.org/01/${GTIN}/21/%`)).toBeNull();
    expect(parseLotLink(unitLink(GTIN, 'A'))).toBeNull();
    expect(parseSiteLink(siteLink('4006381333931'))).toBe('4006381333931');
    expect(parseSiteLink('https://example.com/414/4006381333931')).toBeNull();
  });

  it('cannot be built without a key or with what a link may not carry', () => {
    expect(buildDigitalLink([{ ai: '10', value: 'A' }])).toBeNull();
    expect(
      buildDigitalLink([
        { ai: '01', value: GTIN },
        { ai: '8014', value: 'A' },
      ]),
    ).toBeNull();
  });
});

describe('the canonical link', () => {
  it.each([
    ['urn:epc:id:sgtin:4012345.011111.9876', 'https://id.gs1.org/01/04012345111118/21/9876'],
    ['https://id.gs1.org/gtin/9780345418913/', 'https://id.gs1.org/01/09780345418913'],
    [
      'https://example.com/a/b/gtin/09780345418913/cpv/X/lot/L/ser/765tz?abc=211121#f',
      'https://id.gs1.org/01/09780345418913/21/765tz',
    ],
    ['http://example.com:8080/01/09780345418913/22/X', 'https://id.gs1.org/01/09780345418913'],
    ['https://id.gs1.de/01/04012345999990/21/a%2fb%41!', 'https://id.gs1.org/01/04012345999990/21/a%2FbA%21'],
    ['https://example.com/414/4012345000115/254/987', 'https://id.gs1.org/414/4012345000115/254/987'],
    ['HTTPS://ID.GS1.ORG/01/09780345418913/21/A', 'https://id.gs1.org/01/09780345418913/21/A'],
    ['https://Example.com/01/96385074/ser/7', 'https://id.gs1.org/01/00000096385074/21/7'],
    ['http://example.com/01/001122334455', 'https://id.gs1.org/01/00001122334455'],
  ])('of %s is %s', (uri, link) => {
    expect(canonicalLink(uri)).toBe(link);
    expect(canonicalLink(link)).toBe(link);
  });
  it.each([
    'geo:50.9,6.9',
    'https://example.com/person/17',
    'https://example.com/01/abc',
    'https://example.com/01/97803',
    'https://example.com/01/978034541',
    'https://example.com/01/097803454189130',
    'https://id.gs1.org/01/04012345999990/21/123456789012345678901',
    'https://id.gs1.org/01/04012345999990/21/1/10/2',
    'https://id.gs1.org/01/04012345999990/21',
    'https://id.gs1.org/00/04012345000000333',
    'urn:epc:id:gid:1.2.3',
  ])('of %s is none', (uri) => {
    expect(canonicalLink(uri)).toBeNull();
  });
});

describe('a product in a code', () => {
  const reading = (text: string) => {
    const result = read(text, { year: 2026 });
    if (!result.ok) throw new Error(result.fault.rule);
    return result.reading;
  };
  it('takes day 00 as the end of the month and the century from the present year', () => {
    expect(readCode(`01${GTIN}17280200`, 2026).expiry).toBe('2028-02-29');
    expect(readCode(`01${GTIN}11991231`, 2026).produced).toBe('1999-12-31');
    expect(readCode(`01${GTIN}17010131`, 2097).expiry).toBe('2101-01-31');
  });
  it('splits into UDI-DI and UDI-PI', () => {
    const found = reading(`(01)${GTIN}(17)271231(10)L1(21)S1`);
    expect(deviceIdentification(found)).toMatchObject({
      agency: 'GS1',
      di: GTIN,
      pi: [{ ai: '17' }, { ai: '10' }, { ai: '21' }],
    });
    expect(productCode(found, 2026)).toEqual({ gtin: GTIN, lot: 'L1', serial: 'S1', expiry: '2027-12-31' });
    expect(deviceIdentification(reading('81234567890123456781'))).toBeNull();
    expect(productCode(reading('00040123450000003338'), 2026)).toBeNull();
  });
});

describe('check digits', () => {
  it('pad the short product numbers and refuse wrong ones', () => {
    expect(toGtin14('4006381333931')).toBe(GTIN);
    expect(toGtin14('96385074')).toBe('00000096385074');
    expect(toGtin14('4006381333932')).toBeNull();
    expect(toGtin14('123')).toBeNull();
    expect(hasCheckDigit('x')).toBe(false);
  });
  it('notice every single wrong digit, and the check pair every swap of neighbours', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 13 }), fc.integer({ min: 1, max: 9 }), (at, by) => {
        expect(
          hasCheckDigit(GTIN.slice(0, at) + String((Number(GTIN[at]) + by) % 10) + GTIN.slice(at + 1)),
        ).toBe(false);
      }),
    );
    const body = '1987654Ad4X4bL5ttr2310c';
    expect(checkPair(body)).toBe('2K');
    for (let i = 0; i + 1 < body.length; i++)
      if (body[i] !== body[i + 1])
        expect(checkPair(body.slice(0, i) + body[i + 1] + body[i] + body.slice(i + 2))).not.toBe('2K');
  });
});

describe('EPC URNs', () => {
  it.each([
    ['urn:epc:id:sgtin:4012345.011111.9876', 'https://id.gs1.org/01/04012345111118/21/9876'],
    ['urn:epc:id:sscc:4012345.0000000333', 'https://id.gs1.org/00/040123450000003338'],
    ['urn:epc:id:sgln:4012345.00011.987', 'https://id.gs1.org/414/4012345000115/254/987'],
    ['urn:epc:id:sgln:4012345.00011.0', 'https://id.gs1.org/414/4012345000115'],
    ['urn:epc:id:pgln:999999999999.', 'https://id.gs1.org/417/9999999999994'],
    ['urn:epc:class:lgtin:4054739.099914.20160711', 'https://id.gs1.org/01/04054739999148/10/20160711'],
    ['urn:epc:idpat:sgtin:4054739.099914.*', 'https://id.gs1.org/01/04054739999148'],
    ['urn:epc:id:itip:4012345.012345.01.02.999', 'https://id.gs1.org/8006/040123451234560102/21/999'],
    ['urn:epc:idpat:itip:4012345.012345.01.02.*', 'https://id.gs1.org/8006/040123451234560102'],
    [
      'urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7',
      'https://id.gs1.org/01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7',
    ],
    [
      'urn:epc:id:cpi:0614141.11111111111111-A%23%2F.1234',
      'https://id.gs1.org/8010/061414111111111111111-A%23%2F/8011/1234',
    ],
    ['urn:epc:idpat:cpi:4012345.ABC.*', 'https://id.gs1.org/8010/4012345ABC'],
    ['urn:epc:id:grai:4012345.66666.87', 'https://id.gs1.org/8003/0401234566666387'],
    ['urn:epc:idpat:grai:4012345.66666.*', 'https://id.gs1.org/8003/04012345666663'],
    ['urn:epc:id:gdti:987659999999..9', 'https://id.gs1.org/253/98765999999929'],
    ['urn:epc:idpat:gdti:4012345.55555.*', 'https://id.gs1.org/253/4012345555554'],
    ['urn:epc:id:sgcn:4012345.99999.44', 'https://id.gs1.org/255/401234599999044'],
    ['urn:epc:id:giai:4012345.ABC345', 'https://id.gs1.org/8004/4012345ABC345'],
    ['urn:epc:id:ginc:0614141.xyz47%2F11', 'https://id.gs1.org/401/0614141xyz47%2F11'],
    ['urn:epc:id:gsin:4012345.222333444', 'https://id.gs1.org/402/40123452223334442'],
    ['urn:epc:id:gsrn:4012345.0000006765', 'https://id.gs1.org/8018/401234500000067657'],
    ['urn:epc:id:gsrnp:4012345.0000098765', 'https://id.gs1.org/8017/401234500000987658'],
  ])('%s is %s and back', (urn, link) => {
    expect(urnToLink(urn)).toBe(link);
    const prefix = urn.split(':')[4]!.split('.')[0]!.length;
    expect(linkToUrn(link, prefix)).toBe(urn);
  });

  it.each([
    'urn:epc:id:sgtin:4012345.0111111.9876',
    'urn:epc:id:sgtin:4012345.011111.',
    'urn:epc:id:sgtin:4012345.011111.*',
    'urn:epc:idpat:sgtin:4012345.011111.9',
    'urn:epc:id:lgtin:4054739.099914.L',
    'urn:epc:class:sgtin:4054739.099914.L',
    'urn:epc:id:sgtin:4012345.011111.123456789012345678901',
    'urn:epc:id:toString:1.1',
    'urn:epc:id:gid:1.2.3',
    'urn:epc:id:sscc:4012345.00000003334',
    'https://id.gs1.org/01/04006381333931',
  ])('%s names no GS1 key', (urn) => {
    expect(urnToLink(urn)).toBeNull();
  });

  it('needs a company prefix that fits to go back', () => {
    expect(linkToUrn('https://id.gs1.org/01/04012345111118/21/9876', 13)).toBeNull();
    expect(linkToUrn('https://example.com/01/04012345111118/21/9876', 7)).toBeNull();
    expect(linkToUrn('https://id.gs1.org/8013/4012345A', 7)).toBeNull();
  });
});
