/** Language and text size, on every screen. */
import { language, setLanguage, t } from './words.ts';

export function Switches() {
  const elder = document.documentElement.dataset.elder !== undefined;
  return (
    <div className="no-print flex justify-end gap-2 text-sm">
      <button
        type="button"
        className="min-h-11 px-2 bg-transparent border-0 text-soft cursor-pointer"
        onClick={() => {
          if (elder) localStorage.removeItem('zm-elder');
          else localStorage.setItem('zm-elder', '1');
          location.reload();
        }}
      >
        {t(elder ? 'elder.off' : 'elder.on')}
      </button>
      <button
        type="button"
        lang={language() === 'en' ? 'zh-CN' : 'en'}
        className="min-h-11 px-2 bg-transparent border-0 text-soft cursor-pointer"
        onClick={() => {
          setLanguage(language() === 'en' ? 'zh-CN' : 'en');
          location.reload();
        }}
      >
        {t('lang.other')}
      </button>
    </div>
  );
}
