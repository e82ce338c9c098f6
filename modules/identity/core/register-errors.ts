/** Every way in which a register can refuse. */
import { defineErrors } from '@zhenmei/kernel';

const no = (status: number, zh: string, en: string) => ({ status, retryable: false, zh, en });

defineErrors({
  NO_ISSUER: no(403, '这个机构在这里不签发凭证。', 'This organisation issues no certificates here.'),
  KIND_NOT_YOURS: no(
    403,
    '这种凭证不由你这样的机构签发。',
    'Certificates of this kind are not issued by an organisation of your kind.',
  ),
  REGISTER_FULL: no(409, '登记簿已满，请联系平台。', 'The register is full. Tell the platform.'),
  ENTRY_UNKNOWN: no(404, '登记簿里没有这一条。', 'There is no such entry in the register.'),
  ENTRY_STATE: no(
    409,
    '这一条的状态不允许这样做：已吊销的不能恢复，已续期的请处理新的一条。',
    'The state of this entry does not allow this: what is revoked stays so, and what was renewed lives on in its new entry.',
  ),
  ENTRY_NOT_VALID: no(
    409,
    '这一条已暂停、吊销或到期，不能再发凭证。',
    'This entry is suspended, revoked or over, so no certificate can be made from it.',
  ),
  ENTRY_WITHOUT_STATUS: no(
    409,
    '这种凭证没有状态，到期即失效，不能暂停。',
    'Certificates of this kind have no status: they end by themselves and cannot be suspended.',
  ),
  STATUS_UNEXPLAINED: no(
    409,
    '状态清单的第 {place} 位有标记，但登记簿里没有对应的凭证，因此没有接管这份清单。',
    'Place {place} of the status list is marked, but no certificate here explains it, so the list was not taken over.',
  ),
  IMPORT_EMPTY: no(422, '文件里没有可以签发的行。', 'The file has no rows to issue.'),
  IMPORT_FAULTY: no(
    422,
    '文件有 {count} 处错误，没有签发任何一条。第一处：第 {line} 行 {column}',
    'The file has {count} faults and nothing was issued. The first: line {line}, {column}',
  ),
  ORGANISATION_CLOSED: no(409, '这个机构已关闭。', 'This organisation is closed.'),
});
