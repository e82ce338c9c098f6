/** An event at a site, and a document of such events. */
export const [SITE, OTHER] = ['9521000000018', '9521000000025'] as const;
export const NS = 'https://ns.example.com/';
export const CONTEXT = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { ex: NS }];
export const link = (serial: string) => `https://id.gs1.org/01/09521000000018/21/${serial}`;
export const event = (serial: string, more: object = {}, site: string = SITE) => ({
  type: 'ObjectEvent',
  eventTime: '2026-03-01T00:00:00Z',
  eventTimeZoneOffset: '+08:00',
  action: 'OBSERVE',
  bizStep: 'storing',
  disposition: 'in_progress',
  epcList: [link(serial)],
  readPoint: { id: `https://id.gs1.org/414/${site}` },
  bizLocation: { id: `https://id.gs1.org/414/${site}` },
  'ex:note': serial,
  ...more,
});
export const document = (events: readonly object[]) => ({
  '@context': CONTEXT,
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-03-01T08:00:00Z',
  epcisBody: { eventList: events },
});
