import { Empty } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export function NotFound() {
  return (
    <main className="p-4">
      <Empty text={t('error.notFound')} to="/" action={t('nav.home')} />
    </main>
  );
}
