/** The language of the terminal, from the environment as POSIX orders it. */
import type { Lang } from '@zhenmei/kernel';

export function terminalLanguage(): Lang {
  // biome-ignore lint/style/noProcessEnv: the terminal's language is the environment's
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || '') ? 'zh-CN' : 'en';
}
