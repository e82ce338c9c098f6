/** The official examples captured over the binding, and read back in every form. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '@zhenmei/kernel';
import { hashEvents, readDocument } from '@zhenmei/provenance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Binding, openBinding } from './epcis-repository.ts';
import { vectors } from './vectors.ts';

const examples = vectors('epcis-examples');

describe.skipIf(!examples)('the official examples', () => {
  let binding: Binding;
  beforeAll(async () => {
    binding = await openBinding();
  });
  afterAll(() => binding?.close());
  const files = examples
    ? (readdirSync(examples, { recursive: true }) as string[])
        .filter((file) => file.endsWith('.jsonld'))
        .sort()
    : [];

  it.each(files)('%s comes back with the same event hashes, in every form of identifiers', async (file) => {
    const read = readDocument(readFileSync(join(examples!, file), 'utf8')) as {
      '@context': Json;
      epcisBody: { eventList?: Json[]; queryResults?: { resultsBody: { eventList: Json[] } } };
    };
    const events = read.epcisBody.eventList ?? read.epcisBody.queryResults!.resultsBody.eventList;
    for (const event of events) {
      // the examples share placeholders for names
      const { eventID: _, ...unnamed } = event as { eventID?: string };
      const wanted = hashEvents({ '@context': read['@context'], ...unnamed } as Json)[0]!;
      const eventID = await binding.tell(read as never, unnamed as Json);
      expect(eventID).toBe(wanted.hash);
      for (const format of [
        'Always_GS1_Digital_Link',
        'Always_EPC_URN',
        'No_Preference',
        'Never_Translates',
      ]) {
        const reply = await binding.call('GET', `/events/${encodeURIComponent(eventID)}`, {
          headers: { 'gs1-epc-format': format },
        });
        const back = hashEvents(reply.json());
        expect(back.map(({ digest }) => digest)).toContain(wanted.digest);
        expect(new Set(back.map(({ hash }) => hash))).toEqual(new Set([wanted.hash]));
        if (format === 'Never_Translates')
          for (const urn of JSON.stringify(unnamed).match(/"urn:epc:id:[^"]+"/g) ?? [])
            expect(reply.text).toContain(urn);
        if (format === 'Always_GS1_Digital_Link')
          expect(reply.text).not.toMatch(/"urn:epc:id:(?:sgtin|sscc|sgln)/);
        if (format === 'Always_EPC_URN')
          expect(reply.text).not.toMatch(/"https:\/\/id\.gs1\.org\/(?:01|00|414)\//);
      }
    }
  });

  it('are found again by what they are of', async () => {
    const all = async (path: string) => (await binding.call('GET', path)).json<{ member: string[] }>().member;
    for (const [path, least] of [
      ['/epcs?perPage=1000', 30],
      ['/bizLocations', 5],
      ['/readPoints', 5],
    ] as const) {
      const members = await all(path);
      expect(members.length).toBeGreaterThanOrEqual(least);
      for (const one of members.slice(0, 5)) {
        const reply = await binding.call('GET', `${path.split('?')[0]}/${encodeURIComponent(one)}/events`);
        expect(
          reply.json<{ epcisBody: { queryResults: { resultsBody: { eventList: Json[] } } } }>().epcisBody
            .queryResults.resultsBody.eventList.length,
        ).toBeGreaterThan(0);
      }
    }
  });
});
