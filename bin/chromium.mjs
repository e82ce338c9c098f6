/**
 * Finds a Chromium for the browser journeys; in a root container with apt-get, installs Debian's. The headless shell comes
 * first: the same engine without a desktop's windows, which cost a test machine half of each first page.
 */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runQuietly } from './run.mjs';
import { pick, progressLine, say, seconds } from './say.mjs';

const SHELL = 'chromium-headless-shell';
const NAMES = [
  SHELL,
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const PLACES = [
  `/usr/bin/${SHELL}`,
  '/usr/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Path of a Chromium that can be started, or null after having said what to do. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const asked = process.env.CHROME_PATH;
  if (asked) {
    say(
      `CHROME_PATH 指向的程序不存在或不可执行：${asked}`,
      `CHROME_PATH names no program that can be run: ${asked}`,
    );
    return null;
  }
  if (process.getuid?.() === 0 && onPath('apt-get')) return installChromium();
  say(
    '浏览器测试需要 Chromium。请安装它（Debian/Ubuntu：sudo apt-get install chromium fonts-noto-cjk），或把 CHROME_PATH 设为 Chrome/Chromium 的路径，然后重试。',
    'The browser tests need Chromium. Install it (Debian/Ubuntu: sudo apt-get install chromium fonts-noto-cjk), or set CHROME_PATH to a Chrome/Chromium, then try again.',
  );
  return null;
}

/** Path of a Chromium that can be started, or null; CHROME_PATH decides where it is set. */
export function findChromium() {
  if (process.env.CHROME_PATH) return runnable(process.env.CHROME_PATH) ? process.env.CHROME_PATH : null;
  return PLACES.find(runnable) ?? NAMES.map(onPath).find(Boolean) ?? null;
}

function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return existsSync(path);
  } catch {
    return false;
  }
}

function onPath(name) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find(runnable) ?? null;
}

async function installChromium() {
  const since = performance.now();
  const line = progressLine(
    pick('正在用 apt-get 安装 chromium 与中文字体…', 'installing chromium and Chinese fonts with apt-get…'),
  );
  const tick = setInterval(
    () => line.show(pick(`正在安装 chromium：${seconds(since)}`, `installing chromium: ${seconds(since)}`)),
    1000,
  );
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const said = [await runQuietly('apt-get', ['update', '-qq'], { env })];
  // older releases have no shell of its own
  for (const browser of [SHELL, 'chromium']) {
    const packages = [browser, 'fonts-noto-cjk'];
    const options = ['install', '-y', '-qq', '--no-install-recommends'];
    said.push(await runQuietly('apt-get', [...options, ...packages], { env }));
    if (findChromium()) break;
  }
  clearInterval(tick);
  const found = findChromium();
  if (found) {
    line.end(pick(`chromium 已安装：${seconds(since)}`, `chromium installed in ${seconds(since)}`));
    return found;
  }
  line.end(pick('apt-get 没能装好 chromium：', 'apt-get could not install chromium:'));
  const output = said.map((run) => run.output).join('');
  process.stderr.write(`${output.split('\n').slice(-15).join('\n')}\n`);
  return null;
}
