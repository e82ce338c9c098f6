/** Public EPCIS documents: the official examples are valid, and every published event hash is ours too. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '@zhenmei/kernel';
import { checkDocument, hashEvents, readDocument } from '@zhenmei/provenance';
import { describe, expect, it } from 'vitest';
import { vectors } from './vectors.ts';

const examples = vectors('epcis-examples');
const hashes = vectors('epcis-event-hash');
const filesOf = (folder: string | null) =>
  folder
    ? (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith('.jsonld')).sort()
    : [];
const load = (folder: string, file: string): Json => readDocument(readFileSync(join(folder, file), 'utf8'));
const linesOf = (folder: string, file: string) =>
  readFileSync(join(folder, file), 'utf8').split('\n').filter(Boolean);

describe.skipIf(!examples)('the official examples', () => {
  it('are all there', () => {
    expect(filesOf(examples).length).toBeGreaterThanOrEqual(47);
  });
  it.each(filesOf(examples))('%s is valid', (file) => {
    expect(checkDocument(load(examples!, file)).issues).toEqual([]);
  });
  it.each(filesOf(examples))('%s is not valid without any one of its required members', (file) => {
    const document = load(examples!, file);
    for (const member of ['@context', 'type', 'epcisBody']) {
      const { [member]: _, ...rest } = document as Record<string, Json>;
      expect(checkDocument(rest).issues).not.toEqual([]);
    }
  });
});

describe.skipIf(!hashes)('the published event hashes', () => {
  it('are 29 in 12 documents, 27 of them with a pre-hash text that belongs to its hash', () => {
    const files = filesOf(hashes);
    const pairs = files.flatMap((file) => {
      const texts = linesOf(hashes!, file.replace('.jsonld', '.prehashes'));
      return linesOf(hashes!, file.replace('.jsonld', '.hashes')).map((hash, i) =>
        hash.includes(createHash('sha256').update(texts[i]!).digest('hex')),
      );
    });
    expect([files.length, pairs.length, pairs.filter(Boolean).length]).toEqual([12, 29, 27]);
  });
  it.each(filesOf(hashes))('%s', (file) => {
    const wanted = linesOf(hashes!, file.replace('.jsonld', '.hashes'));
    const texts = linesOf(hashes!, file.replace('.jsonld', '.prehashes'));
    const found = hashEvents(load(hashes!, file));
    expect(found.map(({ hash }) => hash)).toEqual(wanted);
    found.forEach(({ preHash }, i) => {
      if (wanted[i]!.includes(createHash('sha256').update(texts[i]!).digest('hex')))
        expect(preHash).toBe(texts[i]);
    });
  });
  it.each(filesOf(hashes))('%s changes its hashes if any time, step or identifier changes', (file) => {
    const text = readFileSync(join(hashes!, file), 'utf8');
    const wanted = linesOf(hashes!, file.replace('.jsonld', '.hashes'));
    for (const [from, to] of [
      ['"eventTime": "20', '"eventTime": "19'],
      ['"action": "', '"action": "X'],
      ['"id": "urn:', '"id": "urn:x'],
    ] as const) {
      if (!text.includes(from)) continue;
      expect(hashEvents(JSON.parse(text.replaceAll(from, to)) as Json).map(({ hash }) => hash)).not.toEqual(
        wanted,
      );
    }
  });
});
