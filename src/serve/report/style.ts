/** One style sheet, light and dark by the reader's setting, readable from a phone to a wide screen and on paper. */
export const STYLE = `
:root{--ink:#1b2430;--dim:#5b6775;--line:#d9dee5;--paper:#fff;--card:#f6f8fa;--c0:#1f6feb;--c1:#d1571a;--c2:#2a8f5b;--c3:#8250df;--c4:#b08800;--c5:#6b7785}
@media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--dim:#9aa7b4;--line:#343d48;--paper:#11161c;--card:#1a212a;--c0:#6ea8ff;--c1:#ff9a66;--c2:#5fce97;--c3:#c09bff;--c4:#e3c04c;--c5:#9aa7b4}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:1.5rem 1rem 4rem;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0}h2{font-size:1.35rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:2px solid var(--line)}h3{font-size:1.05rem;margin:1.75rem 0 .5rem}
p{margin:.4rem 0;max-width:75ch}.dim,figcaption,caption{color:var(--dim);font-size:.875rem}
nav a{display:inline-block;margin:.1rem 1rem .1rem 0}summary{cursor:pointer}details p{overflow-wrap:anywhere}li,td{overflow-wrap:break-word}a{color:var(--c0)}
code,pre{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}pre{background:var(--card);padding:.75rem;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.verdict{background:var(--card);border-left:4px solid var(--c0);padding:.75rem 1rem;border-radius:0 6px 6px 0;font-weight:600}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th{text-align:left;color:var(--dim);font-weight:600;white-space:nowrap}th,td{padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}.auroc{white-space:nowrap;font-variant-numeric:tabular-nums}.note td{color:var(--dim)}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(300px,100%),1fr));gap:1rem}figure{margin:0}
.chart{width:100%;height:auto;display:block}.whisker{vertical-align:middle;margin-left:.4rem}
.grid{stroke:var(--line);stroke-width:1}.tick{fill:var(--dim);font-size:11px}.axis{fill:var(--dim);font-size:12px}
.line{fill:none;stroke-width:2;stroke-linejoin:round}.chance{fill:none;stroke:var(--dim);stroke-width:1;stroke-dasharray:4 4}.range{stroke:var(--dim);stroke-width:2}.range.c0{stroke:var(--c0)}.range.c1{stroke:var(--c1)}.range.c2{stroke:var(--c2)}.range.c3{stroke:var(--c3)}.cell{fill:var(--ink);font-size:10px}.cell.on{fill:var(--paper)}
.line.c0{stroke:var(--c0)}.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}.line.c3{stroke:var(--c3)}.line.c4{stroke:var(--c4)}.line.c5{stroke:var(--c5)}
.bar.c0,.dot.c0{fill:var(--c0)}.bar.c1,.dot.c1{fill:var(--c1)}.bar.c2,.dot.c2{fill:var(--c2)}.bar.c3,.dot.c3{fill:var(--c3)}.bar.c4,.dot.c4{fill:var(--c4)}.bar.c5,.dot.c5{fill:var(--c5)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1rem;padding:0;margin:.4rem 0 0;font-size:.875rem}.legend i{display:inline-block;width:14px;height:3px;margin-right:.35rem;vertical-align:middle}
i.c0{background:var(--c0)}i.c1{background:var(--c1)}i.c2{background:var(--c2)}i.c3{background:var(--c3)}i.c4{background:var(--c4)}i.c5{background:var(--c5)}
.leads{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(320px,100%),1fr));gap:1rem;padding:0;list-style:none}
.lead{background:var(--card);border-radius:8px;padding:.9rem 1rem;overflow-wrap:anywhere}.lead h4{margin:0;font-size:1rem;display:flex;justify-content:space-between;gap:.5rem}
.lead ul{list-style:none;margin:.5rem 0 0;padding:0;font-size:.875rem}.lead li{margin:.3rem 0}.share{display:inline-block;height:6px;border-radius:3px;margin-right:.4rem;vertical-align:middle}
.up{background:var(--c2)}.down{background:var(--c1)}.action{margin-top:.5rem;font-weight:600}
.map{background:#fff;border:1px solid var(--line);border-radius:8px;padding:.5rem;overflow-x:auto}.map img{max-width:100%;min-width:860px;display:block}
@media print{.scroll,.map{overflow:visible}h2{break-before:page}.lead,figure{break-inside:avoid}}
`.trim();
