/** Where a card's QR code leads: what it is, and for whom. The code stays behind the mark of the address. */
import { Link } from '@tanstack/react-router';
import { Card, Page } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export function EmergencyPage() {
  return (
    <Page title={t('emergency.card.title')}>
      <Card>
        <p className="m-0">{t('er.notDesk')}</p>
        <Link to="/desk/emergency" hash={location.hash.slice(1)} className="btn btn-main">
          {t('er.toDesk')}
        </Link>
      </Card>
    </Page>
  );
}
