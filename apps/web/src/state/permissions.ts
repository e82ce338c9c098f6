/** Permissions as the person sees them: what was given, and what was opened by the log that this device checked. */
import { auditAccess } from '@zhenmei/client/vault/audit.ts';
import { givePermission, type Permission } from '@zhenmei/client/vault/granting.ts';
import type { Vault } from '@zhenmei/client/vault/vault.ts';
import { DAY, toIso } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import type { AccessEntry } from '@zhenmei/vault/core/access/entry.ts';
import type { GrantNote } from '@zhenmei/vault/core/contents.ts';
import type { Grant } from '@zhenmei/vault/core/grants/grant.ts';
import { language, t } from '../shell/words.ts';
import { now } from './apis.ts';

export const GRANTS = ['my-grants'] as const;

export interface Given {
  readonly grant: Grant;
  /** Null for a permission that another vault's device made and this table of contents does not know. */
  readonly note: GrantNote | null;
  readonly used: number;
  readonly revokedAt: string | null;
  readonly holds: boolean;
}

export async function givenPermissions(vault: Vault): Promise<Given[]> {
  const { grants } = await vault.io.api.call(vaultApi.listGrants);
  return grants.map(({ grant, used, revokedAt }) => ({
    grant,
    used,
    revokedAt,
    note: vault.contents.grants[grant.id] ?? null,
    holds: !revokedAt && Date.parse(grant.notAfter) > now(),
  }));
}

export interface Opening {
  readonly title: string;
  readonly times: number;
  readonly last: string;
}

const OPENINGS: readonly AccessEntry['kind'][] = ['view', 'export', 'compute', 'emergency'];

/** What was opened under each permission, newest first; only what the log proves. Throws what `auditAccess` throws. */
export async function openings(vault: Vault): Promise<Map<string, Opening[]>> {
  const { entries } = await auditAccess(vault);
  const found = new Map<string, Map<string, Opening>>();
  for (const { kind, grant, object, at } of entries) {
    if (!grant || !object || !OPENINGS.includes(kind)) continue;
    const under = found.get(grant) ?? new Map<string, Opening>();
    found.set(grant, under);
    const times = (under.get(object)?.times ?? 0) + 1;
    under.set(object, { title: titleOf(vault, object), times, last: at });
  }
  return new Map(
    [...found].map(([id, under]) => [id, [...under.values()].sort((a, b) => b.last.localeCompare(a.last))]),
  );
}

export const titleOf = (vault: Vault, object: string): string =>
  vault.contents.items.find((item) => item.object === object)?.title ?? t('log.gone');

/** The same once more, for another ninety days; the earlier one ends in the same moment. */
export async function renew(vault: Vault, { grant, note }: Given & { note: GrantNote }): Promise<void> {
  await givePermission(vault, { ...again(grant, note), until: toIso(now() + 90 * DAY) });
}

/** A permission like an earlier one, which it replaces. */
export function again(grant: Grant, note: GrantNote): Permission {
  return {
    organisation: { id: note.organisation, name: note.name },
    person: grant.grantee.person,
    purpose: grant.purpose,
    actions: grant.actions,
    compartments: note.compartments,
    objects: note.objects,
    until: grant.notAfter,
    reads: grant.reads,
    region: grant.region,
    language: language(),
    name: calledAt(note.organisation),
    visit: null,
    replaces: grant.id,
  };
}

/** How the person wants to be called at an organisation: remembered on this device. */
export const calledAt = (organisation: string): string =>
  localStorage.getItem(`zm-called/${organisation}`) ?? '';
export const callMeAt = (organisation: string, name: string): void =>
  localStorage.setItem(`zm-called/${organisation}`, name);
