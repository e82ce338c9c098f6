/** How well an assessor sees what is known, beside the published bound. */
import type { Calibration } from '@zhenmei/money/dispute-api.ts';
import type { z } from 'zod';
import { Facts, Pill } from '../look/parts.tsx';
import { t } from '../shell/words.ts';

export function Eyes({ calibration: c }: { calibration: z.infer<typeof Calibration> }) {
  return (
    <>
      <p className="m-0">
        <Pill tone={c.enough ? 'jade' : 'amber'}>{t(c.enough ? 'eyes.enough' : 'eyes.low')}</Pill>
      </p>
      <Facts
        rows={[
          [
            t('eyes.seen'),
            c.looks === 0 ? t('eyes.seen.none') : t('eyes.seen.n', { looks: c.looks, right: c.right }),
          ],
          [t('eyes.bound'), t('eyes.bound.n', { min: c.minLooks, percent: c.boundPercent })],
        ]}
      />
    </>
  );
}
