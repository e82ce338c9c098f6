/** Consents on the patient's device: what was agreed to, who signed, what changed since, and taking it back. */
import { AppError, fromUtf8, strictJson, toBase64Url, toIso } from '@zhenmei/kernel';
import { vaultApi } from '@zhenmei/vault/api.ts';
import { changesSince, hasChanged, type Notice, noticeOf } from '@zhenmei/vault/core/consent/notices.ts';
import {
  type ConsentReceipt,
  readReceipt,
  receiptHash,
  withdrawn,
} from '@zhenmei/vault/core/consent/receipt.ts';
import { withController } from '@zhenmei/vault/core/consent/signatures.ts';
import type { Item } from '@zhenmei/vault/core/contents.ts';
import { type Grant, grantHash } from '@zhenmei/vault/core/grants/grant.ts';
import { isAcknowledged, keepReceipt, noteWithdrawal } from './granting.ts';
import { provenCards } from './trust.ts';
import type { Vault } from './vault.ts';

export interface Consent {
  readonly receipt: ConsentReceipt;
  /** Where it is kept in the vault. */
  readonly item: Item;
  /** What it was given on, as it was shown. */
  readonly notice: Notice;
  /** Versions of the notice since, oldest first. */
  readonly changes: readonly Notice[];
  /** `changed`: the notice is another now, and nothing opens until the person has agreed to it. */
  readonly state: 'holds' | 'changed' | 'ended';
  readonly grants: readonly Grant[];
}

/** Newest first. What the server does not know any more has ended. */
export async function consents(vault: Vault): Promise<Consent[]> {
  const { api } = vault.io;
  const [{ consents: known }, { grants }] = await Promise.all([
    api.call(vaultApi.listConsents),
    api.call(vaultApi.listGrants),
  ]);
  const now = vault.io.now();
  const found: Consent[] = [];
  for (const item of vault.contents.items.filter(({ kind }) => kind === 'receipt')) {
    const receipt = readReceipt(strictJson(fromUtf8(await vault.read(item))));
    const hash = receiptHash(receipt);
    const registered = known.find((one) => one.receipt === hash);
    const ended =
      !registered || registered.withdrawnAt !== null || Date.parse(receipt.retention.until) <= now;
    found.push({
      receipt,
      item,
      notice: noticeOf(receipt.notice.id, receipt.notice.version),
      changes: changesSince(receipt.notice, now),
      state: ended ? 'ended' : hasChanged(receipt.notice, now) ? 'changed' : 'holds',
      grants: grants.flatMap(({ grant }) => (grant.receipt === hash ? [grant] : [])),
    });
  }
  return found.sort((a, b) => b.receipt.events[0]!.at.localeCompare(a.receipt.events[0]!.at));
}

/** Takes it back, with everything that rests on it. One step, as it was given. Throws CONSENT_UNKNOWN. */
export async function withdrawConsent(vault: Vault, { receipt, item, grants }: Consent): Promise<void> {
  await vault.io.api.call(vaultApi.withdrawConsent, { params: { receipt: receiptHash(receipt) } });
  for (const { id } of grants) await noteWithdrawal(vault, id);
  if (grants.length === 0)
    await keepReceipt(vault, withdrawn(receipt, toIso(vault.io.now())), receipt.controller.name, item);
}

/**
 * Puts the organisation's signature beside the person's where it has come since; what is not proven is left out.
 * @returns how many came
 */
export async function gatherSignatures(vault: Vault, list: readonly Consent[]): Promise<number> {
  const { grants } = await vault.io.api.call(vaultApi.listGrants);
  let came = 0;
  for (const { receipt, item, grants: mine } of list) {
    if (!receipt.signatures || receipt.signatures.controller) continue;
    const hash = receiptHash(receipt);
    const given = grants.find(({ grant, acknowledgement }) => acknowledgement && grant.receipt === hash);
    if (!given?.acknowledgement || mine.length === 0) continue;
    const { grant, acknowledgement } = given;
    try {
      const cards = await provenCards(vault, grant.grantee.organisation);
      const card = cards.find((one) => isAcknowledged(one, grant, acknowledgement));
      if (!card) continue;
      const both = withController(receipt, {
        grant: toBase64Url(grantHash(grant)),
        holder: card.holder,
        signature: acknowledgement.signature,
        at: acknowledgement.at,
      });
      await keepReceipt(vault, both, receipt.controller.name, item);
      came++;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
    }
  }
  return came;
}
