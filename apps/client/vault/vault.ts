/** An open vault on one device: its roots and its table of contents, in memory only. */
import { AppError, canonicalJson, fromBase64Url, sha256, toBase64Url, toHex, utf8 } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { openContainer, sealContainer } from '@zhenmei/vault/core/container.ts';
import {
  type Compartment,
  type ContentPlace,
  compartmentLabel,
  masterKey,
  objectName,
  openContentKey,
  wrapContentKey,
} from '@zhenmei/vault/core/content-keys.ts';
import {
  type Contents,
  EMPTY,
  epochOf,
  type Item,
  type ItemKind,
  readContents,
  withItem,
  withoutItem,
} from '@zhenmei/vault/core/contents.ts';
import {
  assertNotOlder,
  createKeyset,
  type Keyset,
  type OpenedKeyset,
  openKeyset,
  openWithRoot,
  rotateRoot,
  type Unlock,
} from '@zhenmei/vault/core/keyset.ts';
import { signKeyset } from '@zhenmei/vault/core/owner.ts';
import { ApiError } from '../api.ts';
import type { Bytes, VaultIo } from './io.ts';
import { download, downloadRange, encryptAndUpload, orNull } from './objects.ts';
import { loadVisits, saveVisits, type VisitNote } from './visits.ts';

/** A device that lost a race reads again and repeats its change, so often at most. */
const TRIES = 6;
const REWRAPS = 500;

const isConflict = (error: unknown) => error instanceof ApiError && error.code === 'OBJECT_CONFLICT';

export interface NewItem {
  readonly compartment: Compartment;
  readonly kind: ItemKind;
  readonly title: string;
  readonly at: string;
  readonly zones?: Item['zones'];
  readonly mime: string;
  readonly source?: string;
}

export class Vault {
  readonly io: VaultIo;
  private opened: OpenedKeyset;
  private kept: Keyset;
  private held: Contents = EMPTY;
  /** Revision of the table of contents; 0 before it is first written. */
  private revision = 0;
  private visitList: { notes: readonly VisitNote[]; revision: number } = { notes: [], revision: 0 };
  private readonly watchers = new Set<() => void>();

  private constructor(io: VaultIo, keyset: Keyset, opened: OpenedKeyset) {
    this.io = io;
    this.kept = keyset;
    this.opened = opened;
  }

  /** A new vault, kept at the server. Throws what `createKeyset` throws. */
  static async create(io: VaultIo, unlock: Unlock): Promise<Vault> {
    const { keyset, root } = await createKeyset(unlock, io.random);
    await io.api.call(vaultApi.writeKeyset, { body: signKeyset(keyset, root) });
    return new Vault(io, keyset, { root, roots: [root] });
  }

  /** Throws VAULT_LOCKED, VAULT_DAMAGED. */
  static async open(io: VaultIo, keyset: Keyset, unlock: Unlock): Promise<Vault> {
    const vault = new Vault(io, keyset, await openKeyset(keyset, unlock));
    await vault.reload();
    return vault;
  }

  /** For a device that was given the root. Throws VAULT_DAMAGED. */
  static async openWithRoot(io: VaultIo, keyset: Keyset, root: Bytes): Promise<Vault> {
    const vault = new Vault(io, keyset, await openWithRoot(keyset, root));
    await vault.reload();
    return vault;
  }

  get root(): Bytes {
    return this.opened.root;
  }
  get roots(): readonly Bytes[] {
    return this.opened.roots;
  }
  get keyset(): Keyset {
    return this.kept;
  }
  get contents(): Contents {
    return this.held;
  }
  get visits(): readonly VisitNote[] {
    return this.visitList.notes;
  }

  watch(changed: () => void): () => void {
    this.watchers.add(changed);
    return () => this.watchers.delete(changed);
  }
  private changed(): void {
    for (const watcher of this.watchers) watcher();
  }

  private masters(): Bytes[] {
    return this.roots.map(masterKey).reverse();
  }
  private get master(): Bytes {
    return masterKey(this.root);
  }
  /** How the server and grants name a compartment: the same for ever, whatever roots come later. */
  label(compartment: Compartment): string {
    return compartmentLabel(masterKey(this.roots[0]!), compartment);
  }

  /** Reads the table of contents and the visits; what lies under an earlier root is written anew under the current one. */
  async reload(): Promise<void> {
    for (const [i, master] of this.masters().entries()) {
      const found = await this.readTable(master);
      if (!found) continue;
      this.held = found.contents;
      this.revision = i === 0 ? found.revision : 0;
      if (i > 0) await this.update((contents) => contents);
      break;
    }
    this.visitList = await loadVisits(this.io, this.roots);
    this.changed();
  }

  private async readTable(master: Bytes): Promise<{ contents: Contents; revision: number } | null> {
    const name = objectName(master, 'contents');
    const stored = await orNull(
      this.io.api.call(vaultApi.readObject, { params: { name } }),
      'OBJECT_UNKNOWN',
    );
    if (!stored) return null;
    const place = { compartment: 'identity', object: name, version: stored.revision } as const;
    const key = await openContentKey(master, place, fromBase64Url(stored.wrappedKey));
    return {
      contents: readContents(await openContainer(key, place, fromBase64Url(stored.cipher))),
      revision: stored.revision,
    };
  }

  /** Changes the table of contents. @param change is called again if another device was faster */
  async update(change: (contents: Contents) => Contents): Promise<void> {
    const { master } = this;
    const object = objectName(master, 'contents');
    for (let tries = TRIES; ; tries--) {
      const next = change(this.held);
      const place = { compartment: 'identity', epoch: 1, object, version: this.revision + 1 } as const;
      const key = this.io.random(32);
      const cipher = await sealContainer(key, place, utf8(canonicalJson(next)));
      const wrapped = await wrapContentKey(master, place, key, this.io.random(12));
      try {
        await this.io.api.call(vaultApi.writeObject, {
          params: { name: object },
          body: {
            revision: place.version,
            cipher: toBase64Url(cipher),
            compartment: this.label('identity'),
            wrappedKey: toBase64Url(wrapped),
          },
        });
        this.held = next;
        this.revision = place.version;
        this.changed();
        return;
      } catch (error) {
        if (tries <= 1 || !isConflict(error)) throw error;
        const found = await this.readTable(master);
        if (found) [this.held, this.revision] = [found.contents, found.revision];
      }
    }
  }

  /** Encrypts and keeps a new object, or a new version of one. @param sent called after each piece; what it throws stops */
  async put(
    facts: NewItem,
    content: Bytes,
    known?: Item,
    sent?: (done: number, of: number) => void,
  ): Promise<Item> {
    const object = known?.object ?? toBase64Url(this.io.random(18));
    const version = (known?.version ?? 0) + 1;
    const place: ContentPlace = {
      compartment: facts.compartment,
      epoch: epochOf(this.held, facts.compartment),
      object,
      version,
    };
    const key = this.io.random(32);
    const wrappedKey = await wrapContentKey(this.master, place, key, this.io.random(12));
    const label = this.label(facts.compartment);
    const named = { object, version, label, wrappedKey };
    const { stored } = await encryptAndUpload(this.io, key, named, content, sent);
    const item: Item = {
      object,
      version,
      ...facts,
      zones: facts.zones ?? known?.zones ?? [],
      source: facts.source ?? known?.source ?? 'self',
      size: content.length,
      stored,
      digest: toHex(sha256(content)),
      wrapped: toBase64Url(wrappedKey),
    };
    await this.update((contents) => withItem(contents, item));
    return item;
  }

  /** Throws VAULT_DAMAGED: also if the content is not what was put in. */
  async read(item: Item): Promise<Bytes> {
    const content = await download(this.io, await this.contentKey(item), item);
    if (toHex(sha256(content)) !== item.digest) throw new AppError('VAULT_DAMAGED');
    return content;
  }

  async readRange(item: Item, from: number, to: number): Promise<Bytes> {
    return downloadRange(this.io, await this.contentKey(item), item, item.stored, from, to);
  }

  /** The key of one object, under whichever root it was wrapped. Throws VAULT_DAMAGED. */
  async contentKey({ compartment, object, version, wrapped }: Item): Promise<Bytes> {
    const place = { compartment, object, version };
    const masters = this.masters();
    for (const [i, master] of masters.entries())
      try {
        return await openContentKey(master, place, fromBase64Url(wrapped));
      } catch (error) {
        if (i === masters.length - 1) throw error;
      }
    throw new AppError('VAULT_DAMAGED');
  }

  async remove(item: Item): Promise<void> {
    await this.update((contents) => withoutItem(contents, item.object));
    const given = { params: { name: item.object }, query: { revision: item.version } };
    await orNull(this.io.api.call(vaultApi.deleteObject, given), 'OBJECT_UNKNOWN');
  }

  async rememberVisit(note: VisitNote): Promise<void> {
    for (let tries = TRIES; ; tries--) {
      const notes = [...this.visits.filter(({ id }) => id !== note.id), note];
      try {
        this.visitList = await saveVisits(this.io, this.root, notes, this.visitList.revision);
        this.changed();
        return;
      } catch (error) {
        if (tries <= 1 || !isConflict(error)) throw error;
        this.visitList = await loadVisits(this.io, this.roots);
      }
    }
  }

  /**
   * Changes the keyset. What another device changed in between is read first, unless it renewed the root.
   * @param change is called again if another device was faster; gives a root if it is another one
   * Throws KEYSET_CONFLICT.
   */
  async changeKeyset(
    change: (keyset: Keyset, root: Bytes) => Promise<{ keyset: Keyset; root?: Bytes }>,
  ): Promise<void> {
    for (let tries = TRIES; ; tries--) {
      const { keyset, root = this.root } = await change(this.kept, this.root);
      try {
        await this.io.api.call(vaultApi.writeKeyset, { body: signKeyset(keyset, root, this.root) });
        return await this.replaced(keyset, root);
      } catch (error) {
        if (tries <= 1 || !(error instanceof ApiError && error.code === 'KEYSET_CONFLICT')) throw error;
        if (!(await this.follow())) throw error;
      }
    }
  }

  /** Reads the newest keyset. @returns whether the root that is open here still opens it */
  private async follow(): Promise<boolean> {
    const newest = await this.io.api.call(vaultApi.readKeyset);
    assertNotOlder(newest, this.kept.revision);
    try {
      this.opened = await openWithRoot(newest, this.root);
    } catch (error) {
      if (error instanceof AppError && error.code === 'VAULT_DAMAGED') return false;
      throw error;
    }
    this.kept = newest;
    return true;
  }

  private async replaced(keyset: Keyset, root: Bytes): Promise<void> {
    const renewed = keyset.generation > this.kept.generation;
    this.kept = keyset;
    if (renewed) {
      this.opened = { root, roots: [...this.roots, root] };
      await this.rewrap();
    }
    this.changed();
  }

  /** A new root for every way in, of which only one is at hand. */
  async rotate(): Promise<void> {
    await this.changeKeyset((keyset, root) => rotateRoot(keyset, root, this.io.random));
  }

  /** Wraps every content key under the current root; what is interrupted stays readable under the earlier one. */
  private async rewrap(): Promise<void> {
    const { master } = this;
    const wrapped = new Map<string, string>();
    for (const item of this.held.items) {
      const key = await this.contentKey(item);
      const epoch = epochOf(this.held, item.compartment);
      const { compartment, object, version } = item;
      const place = { compartment, epoch, object, version };
      wrapped.set(object, toBase64Url(await wrapContentKey(master, place, key, this.io.random(12))));
    }
    const items = this.held.items.map(({ object, version, compartment }) => ({
      name: object,
      revision: version,
      compartment: this.label(compartment),
      wrappedKey: wrapped.get(object)!,
    }));
    for (let at = 0; at < items.length; at += REWRAPS)
      await this.io.api.call(vaultApi.rewrapObjects, { body: { items: items.slice(at, at + REWRAPS) } });
    this.revision = 0;
    await this.update((contents) => ({
      ...contents,
      items: contents.items.map((item) => ({ ...item, wrapped: wrapped.get(item.object) ?? item.wrapped })),
    }));
    this.visitList = await saveVisits(this.io, this.root, this.visits, 0);
  }
}
