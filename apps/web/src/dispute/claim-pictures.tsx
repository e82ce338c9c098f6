/** A side chooses which two pictures the drawn assessors see: from the vault or from this device, and never by itself. */
import { useMutation } from '@tanstack/react-query';
import { type Claim, type ClaimSeat, offerPictures, pairFits } from '@zhenmei/client/claim-panel.ts';
import { useState } from 'react';
import { Button } from '../look/button.tsx';
import { Select, Tick } from '../look/choice.tsx';
import { FilePick } from '../look/file-pick.tsx';
import { Card, Refusal } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { keepPair, keptPair, pictureOf } from './pairs.ts';
import { BytesPicture } from './picture.tsx';

/** Pictures that a vault has; empty where there is no vault on this screen. */
export interface VaultPicture {
  readonly id: string;
  readonly title: string;
  read(): Promise<Uint8Array<ArrayBuffer>>;
}

export function ClaimPictures({
  seat,
  claim,
  vault,
  onDone,
}: {
  seat: ClaimSeat;
  claim: Claim;
  vault: readonly VaultPicture[] | null;
  onDone(): void;
}) {
  const { pictures } = claim;
  const mine = pictures.by === claim.you;
  const live = claim.stage === 'call' || claim.stage === 'panel' || claim.stage === 'appeal';
  const kept = keptPair(seat.id);
  if (claim.asked !== 2 || !live) return null;
  const seats = claim.panel?.seats.length ?? 0;
  const waits = mine && seats > pictures.left.length;
  if (!pictures.mayOffer && !mine)
    return pictures.by ? (
      <Card title={t('claimcase.pictures')}>
        <p className="m-0">{t(`claimcase.pictures.by.${pictures.by}`)}</p>
      </Card>
    ) : null;
  return (
    <Card title={t('claimcase.pictures')}>
      {pictures.mayOffer ? <p className="m-0 soft">{t('claimcase.pictures.lead')}</p> : null}
      {mine && kept && seats === 0 ? <p className="m-0">{t('claimcase.pictures.ready')}</p> : null}
      {mine && !kept && (seats === 0 || waits) ? (
        <p className="m-0 text-amber">
          {t(claim.you === 'clinic' ? 'claimcase.pictures.again.clinic' : 'claimcase.pictures.again')}
        </p>
      ) : null}
      {mine && seats > 0 ? (
        <p className="m-0" role="status">
          {t('claimcase.pictures.sent', { n: seats, sent: pictures.left.length })}
        </p>
      ) : null}
      {pictures.mayOffer || (mine && !kept && (seats === 0 || waits)) ? (
        <Choose seat={seat} offered={mine} vault={vault} onDone={onDone} />
      ) : null}
    </Card>
  );
}

type Bytes = Uint8Array<ArrayBuffer>;

function Choose({
  seat,
  offered,
  vault,
  onDone,
}: {
  seat: ClaimSeat;
  offered: boolean;
  vault: readonly VaultPicture[] | null;
  onDone(): void;
}) {
  const [earlier, setEarlier] = useState<Bytes | null>(null);
  const [later, setLater] = useState<Bytes | null>(null);
  const [sure, setSure] = useState(false);
  const pair = earlier && later ? { earlier, later } : null;
  const fits = pair !== null && pairFits(pair);
  const offer = useMutation({
    mutationFn: async () => {
      if (!pair) return;
      if (!offered) await offerPictures(seat, pair);
      keepPair(seat.id, pair);
    },
    onSettled: onDone,
  });
  return (
    <>
      <div className="grid grid-cols-2 gap-3">
        <One which="earlier" bytes={earlier} vault={vault} onChoose={setEarlier} />
        <One which="later" bytes={later} vault={vault} onChoose={setLater} />
      </div>
      {pair && !fits ? <p className="m-0 text-cinnabar">{t('claimcase.pictures.big')}</p> : null}
      {fits ? <Tick label={t('claimcase.pictures.check')} on={sure} onChange={setSure} /> : null}
      <Button disabled={!fits || !sure} busy={offer.isPending} onClick={() => offer.mutate()}>
        {t('claimcase.pictures.offer')}
      </Button>
      {offer.error ? <Refusal error={offer.error} /> : null}
    </>
  );
}

function One({
  which,
  bytes,
  vault,
  onChoose,
}: {
  which: 'earlier' | 'later';
  bytes: Bytes | null;
  vault: readonly VaultPicture[] | null;
  onChoose(bytes: Bytes): void;
}) {
  const [picked, setPicked] = useState('');
  const read = useMutation({
    mutationFn: (work: () => Promise<Bytes>) => work(),
    onSuccess: onChoose,
  });
  const label = t(`claimcase.pictures.${which}`);
  return (
    <div className="flex flex-col gap-2 min-w-0">
      <span className="font-medium">{label}</span>
      {bytes ? <BytesPicture bytes={bytes} title={label} /> : null}
      {vault && vault.length > 0 ? (
        <Select
          label={t('claimcase.pictures.vault')}
          value={picked}
          onChange={(id) => {
            setPicked(id);
            const one = vault.find((item) => item.id === id);
            if (one) read.mutate(() => one.read());
          }}
          options={vault.map(({ id, title }) => ({ value: id, label: title }))}
        />
      ) : vault ? (
        <p className="m-0 soft">{t('claimcase.pictures.none')}</p>
      ) : null}
      <FilePick
        id={`picture-${which}`}
        label={t('claimcase.pictures.device')}
        accept="image/jpeg,image/png,image/webp"
        onPick={(file) => read.mutate(() => pictureOf(file))}
      />
      {read.error ? <Refusal error={read.error} /> : null}
    </div>
  );
}
