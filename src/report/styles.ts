import { DARK, declarations, LIGHT } from "./tokens.js";

const BASE = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
.page{max-width:1140px;margin:0 auto;padding:0 24px 64px}
h1,h2,h3{line-height:1.2;margin:0;text-wrap:balance}
h2{font-size:1.45rem;letter-spacing:-.01em}
h3{font-size:1rem}
p{margin:.5em 0}
a{color:var(--honest)}
bdi,code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em}
.soft{color:var(--soft)}
.small{font-size:.86rem}
.lead{max-width:78ch;color:var(--soft);margin:.4em 0 1.2em}
.skip{position:absolute;left:-999px}
.skip:focus{left:12px;top:12px;background:var(--card);padding:8px 12px}
`;

const LAYOUT = `
header.top{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline;padding:28px 0 20px}
.mark{font-weight:700;letter-spacing:-.01em;font-size:1.1rem}
.mark::before{content:"";display:inline-block;width:.72em;height:.72em;border:.2em solid var(--honest);border-right-color:transparent;border-radius:50%;margin-right:.5em;vertical-align:-.02em}
nav{display:flex;flex-wrap:wrap;gap:2px 16px;margin-left:auto;font-size:.86rem}
nav a{color:var(--soft);text-decoration:none}
nav a:hover{color:var(--ink);text-decoration:underline}
section{margin-top:52px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px 22px;break-inside:avoid}
.grid{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,310px),1fr))}
.halves{display:grid;gap:16px;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));align-items:start}
.stack{display:grid;gap:16px;grid-template-columns:minmax(0,1fr)}
.banner{border:1px solid var(--doubt);background:var(--doubt-wash);border-radius:10px;padding:10px 16px;margin-bottom:16px}
.answer{border-left:6px solid var(--honest);padding:28px 30px}
.answer.doubt{border-left-color:var(--doubt)}
.answer.bad{border-left-color:var(--bad)}
.answer .kicker{color:var(--soft);font-size:.9rem;margin:0 0 .35em}
.answer h1{font-size:clamp(1.55rem,1.1rem + 2vw,2.35rem);letter-spacing:-.022em}
.answer .sentence{font-size:1.08rem;max-width:68ch;margin:.7em 0 0}
.tiles{display:grid;gap:12px 28px;grid-template-columns:repeat(auto-fit,minmax(min(100%,165px),1fr));margin:24px 0 0;padding-top:20px;border-top:1px solid var(--line)}
.tiles dt{color:var(--soft);font-size:.84rem}
.tiles dd{margin:0}
.tiles .figure{font-size:1.75rem;font-weight:650;letter-spacing:-.02em;line-height:1.25;font-variant-numeric:tabular-nums}
.tiles .under{display:block;color:var(--soft);font-size:.82rem}
`;

const PARTS = `
.scroll{overflow-x:auto;-webkit-overflow-scrolling:touch}
table{border-collapse:collapse;width:100%;font-size:.92rem;font-variant-numeric:tabular-nums;overflow-wrap:normal}
caption{text-align:left;color:var(--soft);font-size:.86rem;padding-bottom:8px}
th,td{text-align:left;padding:8px 14px 8px 0;border-bottom:1px solid var(--grid);vertical-align:top}
thead th{color:var(--soft);font-weight:500;font-size:.82rem;border-bottom-color:var(--line);vertical-align:bottom}
tbody th{font-weight:500}
tr:last-child>*{border-bottom:0}
th:last-child,td:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}
.n+td:not(.n),.n+th:not(.n){padding-left:14px}
.wrap,.page-name{overflow-wrap:anywhere}
.id{min-width:6rem}
.page-name{min-width:120px}
.phone{display:none}
.keep{white-space:nowrap}
thead .n{white-space:normal}
.range{display:block;color:var(--soft);font-size:.8rem;white-space:nowrap}
tr.best>*{background:var(--honest-wash)}
tr.best>:first-child{box-shadow:-12px 0 0 var(--honest-wash)}
tr.best>:last-child{box-shadow:12px 0 0 var(--honest-wash)}
.best .badge{padding:0;background:none}
tbody+tbody tr:first-child>*{border-top:1px solid var(--line)}
.badge{display:inline-block;border-radius:99px;padding:1px 9px;font-size:.78rem;font-weight:600;white-space:nowrap}
.badge.passed,.badge.low{background:var(--honest-wash);color:var(--honest)}
.badge.inconclusive,.badge.medium{background:var(--doubt-wash);color:var(--doubt)}
.badge.failed,.badge.high{background:var(--bad-wash);color:var(--bad)}
.badge.leaky{background:var(--leaky-wash);color:var(--leaky)}
.reasons{margin:0;padding:0;list-style:none}
.reasons li{padding-left:1.25em;text-indent:-1.25em}
.reasons .sign{display:inline-block;width:1.25em;text-indent:0;font-weight:700}
.up .sign{color:var(--bad)}
.down .sign{color:var(--honest)}
.bar{display:block;height:8px;border-radius:4px;background:var(--grid);min-width:90px;margin-top:7px;print-color-adjust:exact}
.bar i{display:block;height:100%;border-radius:4px;background:var(--honest);width:var(--w)}
.bar i.raises{background:var(--leaky)}
figure{margin:0}
figure h3+p{margin:.2em 0 .6em}
figure svg{display:block;width:100%;height:auto}
.grid>figure{display:grid;grid-row:span 4;grid-template-rows:subgrid;row-gap:0;align-content:start}
.narrow{display:none}
dl.facts{display:grid;grid-template-columns:minmax(0,1fr) auto;margin:.6em 0 0;font-variant-numeric:tabular-nums}
dl.facts>*{padding:6px 0;border-bottom:1px solid var(--grid);margin:0}
dl.facts dd{text-align:right;padding-left:16px}
dl.facts.last>*:nth-last-child(-n+2){border-bottom:0}
.key{white-space:nowrap}
.key::before{content:"";display:inline-block;width:1.1em;height:.28em;border-radius:2px;background:var(--k);margin:0 .35em 0 .2em;vertical-align:.22em;print-color-adjust:exact}
.heat td,.heat th{padding:5px 10px}
.heat th:first-child{padding-left:0}
.heated{background:color-mix(in srgb,var(--honest) calc(var(--h)*.45),transparent);border-left:1px solid var(--card)}
details{margin-top:10px;font-size:.9rem}
summary{cursor:pointer;color:var(--soft)}
footer{margin-top:56px;padding-top:16px;border-top:1px solid var(--line);color:var(--soft);font-size:.86rem}
`;

const SMALL = `
@media (max-width:640px){
.page{padding:0 14px 40px}
nav{margin-left:0}
section{margin-top:38px}
.card{padding:16px 15px}
.answer{padding:20px 18px}
.wide{display:none}
.narrow{display:block}
table.cards thead{position:absolute;left:-9999px}
table.cards tr{display:grid;grid-template-columns:1fr auto;gap:2px 12px;padding:10px 0;border-bottom:1px solid var(--grid)}
table.cards tr>*{border:0;padding:0;text-align:left;box-shadow:none!important}
table.cards tr>*{padding:0!important}
table.cards tr>:nth-child(even){justify-self:end;text-align:right}
table.cards tr:last-child{border-bottom:0}
table.cards td.full{grid-column:1/-1;justify-self:start;text-align:left}
.phone{display:inline}
}
`;

const PRINT = `
@media print{
:root{${declarations(LIGHT)}--paper:#fff;--card:#fff}
body{font-size:11pt}
nav,.skip{display:none}
.page{max-width:none;padding:0}
section{margin-top:28px}
h2,h3,caption{break-after:avoid}
tr,figure{break-inside:avoid}
.scroll{overflow:visible}
}
`;

/** The whole style of the page, for one inline element. */
export const STYLES = `:root{color-scheme:light dark;${declarations(LIGHT)}}
@media (prefers-color-scheme:dark){:root{${declarations(DARK)}}}
${BASE}${LAYOUT}${PARTS}${SMALL}${PRINT}`;
