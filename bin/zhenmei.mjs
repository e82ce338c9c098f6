#!/usr/bin/env node
// The only file that an old Node must be able to read: it checks the version and hands over.
// biome-ignore-all lint: written for the oldest Node that reads modules
var version = process.versions.node;
var parts = version.split('.');
if (Number(parts[0]) < 20 || (Number(parts[0]) === 20 && Number(parts[1]) < 19)) {
  process.stderr.write(
    '真美需要 Node.js 20.19 或更高版本，当前是 ' +
      version +
      '。请到 https://nodejs.org 安装新版本后重试。\n' +
      'Zhenmei needs Node.js 20.19 or later; this is ' +
      version +
      '. Install a newer one from https://nodejs.org and try again.\n',
  );
  process.exit(1);
}
import('./launch.mjs').then(
  (launch) => launch.main(process.argv.slice(2)),
  (error) => {
    process.stderr.write(String((error && error.stack) || error) + '\n');
    process.exit(1);
  },
);
