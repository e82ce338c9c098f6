import { Link } from '@tanstack/react-router';
import { LotRows } from '../desk/lot-rows.tsx';
import { useSupply } from '../desk/use-supply.ts';
import { Page } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export function DeskLotsPage() {
  const { organisation } = useSupply();
  return (
    <Page title={t('lots.title')}>
      <Link to="/desk/lots/new" className="btn btn-main self-start">
        {t('lots.new')}
      </Link>
      <LotRows maker={organisation.id} />
    </Page>
  );
}
