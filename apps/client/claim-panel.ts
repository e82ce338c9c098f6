/** Both sides of a claim that a panel decides: calling it, its draw, papers, and a pair of pictures that one chose. */
import { type CoverJson, coverBytes } from '@zhenmei/contracts/deploy/guarantee.ts';
import { concat, fromHex, type Hex, sha256, toBase64Url, toHex0x, utf8 } from '@zhenmei/kernel';
import { type ClaimView, claimApi } from '@zhenmei/money/claim-api.ts';
import { PICTURE_BYTES } from '@zhenmei/money/core/panel-pictures.ts';
import { drawSecret, panelNumber, secretCommitment } from '@zhenmei/money/core/panel-words.ts';
import { sealTo } from '@zhenmei/vault/core/seal.ts';
import { CHOICES, type DisputeSeat, paperPurpose } from './dispute.ts';

export type Claim = ClaimView;

/** A seat whose calls go to the panel for claims, and the promise that it is about. */
export interface ClaimSeat {
  readonly side: DisputeSeat;
  readonly id: Hex;
  readonly cover: CoverJson;
}

/** The two pictures that a person chose, as files without anything but the picture. */
export interface PicturePair {
  readonly earlier: Uint8Array<ArrayBuffer>;
  readonly later: Uint8Array<ArrayBuffer>;
}

const given = ({ side, id }: ClaimSeat) => ({
  params: { id },
  ...(side.bearer ? { bearer: side.bearer } : {}),
});
const placeOf = ({ panel }: Claim) => ({ panel: panel!.id, round: panel!.round, beacon: panel!.beacon });

export const readClaim = (seat: ClaimSeat): Promise<Claim> =>
  seat.side.api.call(claimApi.readClaim, given(seat));

/** Whether both pictures are small enough to be sealed for an assessor. */
export const pairFits = ({ earlier, later }: PicturePair): boolean =>
  earlier.length <= PICTURE_BYTES && later.length <= PICTURE_BYTES;

/** Says that pictures will be shown; the pair itself stays on this device. Throws PICTURES_NOT_OPEN. */
export async function offerPictures(seat: ClaimSeat, { earlier, later }: PicturePair): Promise<Claim> {
  const digest = toHex0x(sha256(concat(sha256(earlier), sha256(later), seat.side.random(32))));
  return seat.side.api.call(claimApi.offerPictures, { ...given(seat), body: { digest } });
}

/** Calls the panel, and seals this side's number for its draw. */
export async function callClaimPanel(seat: ClaimSeat): Promise<Claim> {
  const both = toHex0x(concat(fromHex(coverBytes(seat.cover)), fromHex(seat.side.terms)));
  await seat.side.call([{ functionName: 'createDispute', args: [CHOICES, both] }]);
  return joinClaimDraw(seat, await readClaim(seat));
}

export async function appealClaim(seat: ClaimSeat, claim: Claim): Promise<Claim> {
  await seat.side.call([{ functionName: 'appeal', args: [panelNumber(claim.panel!.id), '0x'] }]);
  return joinClaimDraw(seat, await readClaim(seat));
}

/** Seals this side's number for the draw. */
export async function joinClaimDraw(seat: ClaimSeat, claim: Claim): Promise<Claim> {
  const { side } = seat;
  const place = placeOf(claim);
  const commitment = secretCommitment({ ...place, side: side.you }, drawSecret(side.secret, place));
  const args = [panelNumber(place.panel), place.beacon, commitment];
  await side.call([{ functionName: 'commitSecret', args }]);
  return readClaim(seat);
}

export interface ToShow {
  /** Empty: nothing is said in words. */
  readonly statement: string;
  readonly pair: PicturePair | null;
}

/** What the device does by itself: opens its number, and leaves words and pictures for everybody who was drawn. */
export async function keepUpClaim(seat: ClaimSeat, claim: Claim, { statement, pair }: ToShow): Promise<void> {
  const { side } = seat;
  const { panel } = claim;
  if (panel?.phase === 'opening' && panel.committed.includes(side.you) && !panel.opened.includes(side.you)) {
    const secret = drawSecret(side.secret, placeOf(claim));
    await side.api.call(claimApi.openClaimSecret, { ...given(seat), body: { secret } });
  }
  if (panel?.phase !== 'voting') return;
  for (const { assessor, sealKey, sealed } of panel.seats) {
    if (!sealKey) continue;
    if (statement !== '' && !sealed) {
      const text = utf8(JSON.stringify({ statement }));
      const paper = await sealTo(sealKey, text, paperPurpose(panel, assessor), side.random(64));
      const body = { assessor, sealedFor: sealKey, sealed: paper };
      await side.api.call(claimApi.leaveClaimPapers, { ...given(seat), body });
    }
    if (pair && claim.pictures.by === side.you && !claim.pictures.left.includes(assessor))
      await leavePair(seat, panel, { assessor, sealKey }, pair);
  }
}

/** The pictures are named a and b by a throw, so that the names say nothing. */
async function leavePair(
  seat: ClaimSeat,
  panel: { readonly id: string; readonly round: number },
  to: { readonly assessor: Hex; readonly sealKey: string },
  { earlier, later }: PicturePair,
): Promise<void> {
  const { side } = seat;
  const first = (side.random(1)[0]! & 1) === 0 ? ('a' as const) : ('b' as const);
  const [a, b] = first === 'a' ? [earlier, later] : [later, earlier];
  const parcel = utf8(JSON.stringify({ a: toBase64Url(a), b: toBase64Url(b) }));
  const sealed = await sealTo(to.sealKey, parcel, picturePurpose(panel, to.assessor), side.random(64));
  const body = { assessor: to.assessor, sealedFor: to.sealKey, sealed, earlier: first };
  await side.api.call(claimApi.leavePictures, { ...given(seat), body });
}

/** What a pair is sealed for: it opens for this assessor in this round alone. */
export const picturePurpose = (panel: { id: string; round: number }, assessor: Hex): string =>
  `zhenmei/dispute/pictures/${panel.id}/${panel.round}/${assessor}`;
