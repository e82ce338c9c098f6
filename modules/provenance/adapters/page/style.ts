/** How the public page looks: the app's tokens, no script, no foreign file, readable on a phone and on paper. */
import { sha256, toHex, utf8 } from '@zhenmei/kernel';

export const PAGE_STYLE = `:root{color-scheme:light dark;--porcelain:light-dark(#faf8f5,#16181b);--paper:light-dark(#ffffff,#1e2125);--ink:light-dark(#22252a,#eceae6);--ink-soft:light-dark(#5b6068,#a9adb4);--line:light-dark(#e4dfd8,#30343a);--plum:light-dark(#8e2a4b,#e48aa6);--on-plum:light-dark(#ffffff,#22121a);--jade:light-dark(#1f6f54,#6cc7a3);--amber:light-dark(#8a5a00,#e3b45c);--cinnabar:light-dark(#a8231c,#f0857d);--slate:light-dark(#4a5560,#9aa7b3);font:16px/1.5 "PingFang SC","HarmonyOS Sans SC","Noto Sans SC","Noto Sans CJK SC",Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
:root:lang(zh){line-height:1.6;text-autospace:normal}
:root[data-elder]{font-size:20px}
*{box-sizing:border-box}
body{margin:0;background:var(--porcelain);color:var(--ink)}
.page{max-width:44rem;margin:0 auto;padding:12px 16px 40px;display:flex;flex-direction:column;gap:16px}
h1,h2,p,ol,ul,dl,dd,figure{margin:0;padding:0}
h2{font-size:1.125rem;font-weight:600}
a{color:var(--plum)}
:focus-visible{outline:3px solid var(--plum);outline-offset:2px}
.skip{position:absolute;left:-999em}
.skip:focus{position:static}
.top{display:flex;align-items:center;gap:12px;flex-wrap:wrap}
.brand{display:flex;align-items:center;gap:8px;font-weight:600;color:var(--ink);text-decoration:none;min-height:44px}
.top nav{margin-left:auto;display:flex;gap:4px}
.quiet{display:inline-flex;align-items:center;min-height:44px;min-width:44px;padding:0 8px;color:var(--ink-soft);text-decoration:none}
main{display:flex;flex-direction:column;gap:16px}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:20px;box-shadow:0 1px 3px rgb(0 0 0/4%);display:flex;flex-direction:column;gap:12px}
.soft{color:var(--ink-soft)}
.small{font-size:.875rem}
.verdict{border-color:currentColor;border-width:2px;gap:8px}
.verdict>*{color:var(--ink)}
.verdict h1{display:flex;align-items:center;gap:12px;font-size:clamp(1.75rem,9vw,3rem);line-height:1.2;font-weight:650;color:inherit;hyphens:auto;overflow-wrap:anywhere}
.verdict h1 svg{flex:none;width:1.1em;height:1.1em}
.sentence{font-size:1.25rem;font-weight:600}
.jade{color:var(--jade)}.amber{color:var(--amber)}.cinnabar{color:var(--cinnabar)}.slate{color:var(--slate)}
.reasons{list-style:none;display:flex;flex-direction:column;gap:16px}
.reasons li{display:flex;flex-direction:column;gap:4px;border-left:3px solid var(--line);padding-left:12px}
.reasons .do{font-weight:600}
.said{border-left:0;padding-left:0}
.facts{display:grid;grid-template-columns:minmax(5em,auto) 1fr;gap:4px 16px}
.facts dt{color:var(--ink-soft)}
.facts dd{min-width:0;overflow-wrap:anywhere}
.mono{font:.75rem/1.5 ui-monospace,Menlo,Consolas,monospace;overflow-wrap:anywhere;color:var(--ink-soft)}
summary{cursor:pointer;min-height:44px;padding:10px 0;color:var(--ink-soft)}
details[open]>summary{padding-bottom:4px}
.map{display:block;width:100%;max-width:30rem;height:auto;margin:0 auto}
.map text{font-size:12px;fill:var(--ink);text-anchor:middle}
.map .city{fill:var(--ink-soft);font-size:11px}
.leg{fill:none;stroke:var(--jade);stroke-width:3}
.leg-one{stroke:var(--amber);stroke-dasharray:5 5}
.station{fill:var(--paper);stroke:var(--plum);stroke-width:2}
.station-last{fill:var(--plum)}
.glyph{fill:none;stroke:var(--plum);stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}
.glyph-last{stroke:var(--on-plum)}
.key{display:flex;gap:4px 16px;flex-wrap:wrap}
.key span{display:inline-flex;align-items:center;gap:6px}
.key svg{width:28px;height:6px}
.timeline{list-style:none;display:flex;flex-direction:column;border-left:2px solid var(--line);margin-left:6px}
.timeline li{position:relative;padding:0 0 12px 18px}
.timeline li::before{content:"";position:absolute;left:-7px;top:.4em;width:12px;height:12px;border-radius:50%;background:var(--plum)}
.timeline b{font-weight:600;margin-right:.5em}
form{display:flex;flex-direction:column;gap:12px}
label{display:flex;flex-direction:column;gap:4px;font-weight:500}
.input{width:100%;min-height:48px;padding:10px 14px;border-radius:12px;border:1px solid var(--slate);background:var(--paper);color:var(--ink);font:inherit}
.btn{display:inline-flex;align-items:center;justify-content:center;align-self:flex-start;min-height:48px;padding:10px 20px;border-radius:12px;border:1px solid var(--line);background:var(--paper);color:var(--ink);font:inherit;font-weight:500;text-decoration:none;cursor:pointer}
.btn-main{border-color:var(--plum);background:var(--plum);color:var(--on-plum)}
:root[data-elder] :is(.btn,.input,.quiet,summary){min-height:60px}
.row{display:flex;gap:12px;flex-wrap:wrap}
.petal{fill:none;stroke:var(--slate);stroke-width:3}
.petal-proven{fill:var(--plum);stroke:var(--plum)}
.petal-false{stroke:var(--cinnabar);stroke-dasharray:5 4}
.heart{fill:var(--plum)}
footer{display:flex;flex-direction:column;gap:4px}
@media print{@page{size:A4;margin:12mm}:root,:root[data-elder]{color-scheme:light;font-size:11px;line-height:1.35}body{background:#fff}.no-print,nav,details{display:none}.page{padding:0;gap:8px;max-width:none}main{gap:8px}.card{padding:10px 12px;gap:6px;box-shadow:none;break-inside:avoid}.verdict h1{font-size:2rem}.map{max-width:100mm}.timeline li{padding-bottom:4px}.reasons{gap:8px}}
`;

/** Named by its content, so that it can be kept for ever. */
export const STYLE_VERSION = toHex(sha256(utf8(PAGE_STYLE))).slice(0, 12);
