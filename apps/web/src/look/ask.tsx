/** Asks before something that cannot be undone: what happens, and the two ways on. A sheet on a phone. */
import { Dialog } from '@base-ui/react/dialog';
import { t } from '../shell/words.ts';

export function Ask({
  open,
  onOpenChange,
  title,
  text,
  yes,
  danger = false,
  onYes,
}: {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
  onYes(): void;
}) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="sheet">
          <Dialog.Title className="text-xl font-semibold m-0">{title}</Dialog.Title>
          <Dialog.Description className="soft m-0">{text}</Dialog.Description>
          <div className="flex flex-col-reverse sm:flex-row sm:justify-end gap-3">
            <Dialog.Close className="btn">{t('ask.no')}</Dialog.Close>
            <button
              type="button"
              className={`btn ${danger ? 'btn-danger' : 'btn-main'}`}
              onClick={() => {
                onOpenChange(false);
                onYes();
              }}
            >
              {yes}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
