/** Language and text size, on every screen. */
import { setElder } from '../look/settings.ts';
import { isElder, keepLanguage, language, t } from './words.ts';

export function Switches() {
  const other = language() === 'en' ? 'zh-CN' : 'en';
  return (
    <div className="no-print flex justify-end gap-1 text-sm shrink-0">
      <button
        type="button"
        className="btn-quiet"
        onClick={() => {
          setElder(!isElder());
          location.reload();
        }}
      >
        {t(isElder() ? 'elder.off' : 'elder.on')}
      </button>
      <button
        type="button"
        lang={other}
        className="btn-quiet"
        onClick={() => {
          keepLanguage(other);
          location.reload();
        }}
      >
        {t('lang.other')}
      </button>
    </div>
  );
}
