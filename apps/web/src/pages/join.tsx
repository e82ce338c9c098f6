/** A device that comes to an account: beside an old one, with the sheet of paper, or with the help of guardians. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Page, Verdict } from '../look/parts.tsx';
import { t } from '../shell/words.ts';
import { JoinByDevice } from '../vault/join-by-device.tsx';
import { JoinByGuardians, JoinByPaper } from '../vault/join-by-recovery.tsx';

export function JoinPage() {
  const [isIn, setIn] = useState(false);
  const onIn = () => setIn(true);
  return (
    <Page title={t('join.title')} lead={isIn ? '' : t('join.lead')}>
      {isIn ? (
        <Verdict tone="jade" word={t('join.in')} sentence={t('join.in.lead')}>
          <Link to="/vault/keys" className="btn btn-main">
            {t('join.toKeys')}
          </Link>
        </Verdict>
      ) : (
        <>
          <JoinByDevice onIn={onIn} />
          <JoinByPaper onIn={onIn} />
          <JoinByGuardians onIn={onIn} />
        </>
      )}
    </Page>
  );
}
