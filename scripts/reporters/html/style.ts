// The style sheet of the HTML report: one column of text on a phone, a rail of headings on a wide screen, ink on paper in print.

export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --raised: #f4f2ec; --ink: #1d2126; --soft: #5a626c; --line: #dfdcd3;
  --pass: #17703f; --fail: #b3231b; --error: #84309a; --inconclusive: #8a5600; --skip: #66707a; --accepted: #265ca6;
  --mono: ui-monospace, SFMono-Regular, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --raised: #1e2125; --ink: #e7e5df; --soft: #a2a8b0; --line: #33373d;
    --pass: #62c48d; --fail: #ff8a7f; --error: #d79be8; --inconclusive: #e5b252; --skip: #9aa3ac; --accepted: #86b4f2;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
}
main { max-width: 74rem; margin: 0 auto; padding: 2.25rem 1.25rem 4rem; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }
code, pre { font-family: var(--mono); font-size: .875em; }
a { color: inherit; text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--accepted); outline-offset: 2px; }
.soft { color: var(--soft); }
.none { color: var(--soft); font-style: italic; }
.pass { --tone: var(--pass); } .fail { --tone: var(--fail); } .error { --tone: var(--error); }
.inconclusive { --tone: var(--inconclusive); } .skip { --tone: var(--skip); } .accepted { --tone: var(--accepted); }
.verdict { color: var(--tone, var(--soft)); font-weight: 600; white-space: nowrap; }
.verdict span { display: inline-block; width: 1.2em; }

header { border-left: 5px solid var(--tone); padding-left: 1.25rem; }
.over { color: var(--soft); font-size: .875rem; }
h1 { font-size: clamp(2rem, 7vw, 3rem); line-height: 1.1; font-weight: 680; letter-spacing: -.02em; color: var(--tone); margin: .15rem 0 .5rem; }
.reasons { font-size: 1.0625rem; max-width: 46rem; }
.tally { display: flex; flex-wrap: wrap; gap: .15rem 1.25rem; margin-top: .75rem; }
.strip { display: flex; gap: 2px; height: 6px; margin-top: .6rem; max-width: 46rem; }
.strip i { background: var(--tone); border-radius: 1px; min-width: 3px; }
nav { margin: 1.5rem 0 0; padding: .5rem 0; border-block: 1px solid var(--line); font-size: .875rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }

section { padding: 1.75rem 0; border-bottom: 1px solid var(--line); }
section > div { min-width: 0; }
h2 { font-size: 1.0625rem; font-weight: 650; margin-bottom: .75rem; }
h2 { overflow-wrap: normal; }
h2 small { display: block; overflow-wrap: anywhere; font-weight: 400; font-size: .8125rem; color: var(--soft); }
h3 { font-size: 1rem; font-weight: 650; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .75rem 1.75rem; }
.facts dt { color: var(--soft); font-size: .8125rem; }

.issues > li, .checks > li { padding: .6rem 0; border-top: 1px solid var(--line); }
.issues > li:first-child { border-top: 0; padding-top: 0; }
time { display: inline-block; max-width: 100%; }
.severity { color: var(--soft); }
.remedy { margin-top: .2rem; } .remedy::before { content: "→ "; color: var(--soft); }
.phase + .phase { margin-top: 2rem; }
.phase > header { all: unset; display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; padding-bottom: .45rem; }
.checks > li { display: grid; gap: .1rem 1.25rem; }
.name { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: baseline; }
.detail { color: var(--soft); }
.fail > .what > .detail, .error > .what > .detail, .inconclusive > .what > .detail { color: var(--ink); }
.measure { font-size: .875rem; }
.bar { display: block; position: relative; height: 5px; margin: .3rem 0 .2rem; background: var(--line); border-radius: 2px; max-width: 24rem; }
.bar i { position: absolute; inset: 0 auto 0 0; width: var(--value); background: var(--tone); border-radius: 2px; }
.bar b { position: absolute; inset: -3px auto -3px var(--limit); width: 2px; background: var(--ink); }

details { margin-top: .3rem; }
summary { cursor: pointer; color: var(--soft); font-size: .875rem; width: fit-content; }
pre { margin: .35rem 0 .2rem; padding: .6rem .75rem; background: var(--raised); border-radius: 3px; line-height: 1.45; white-space: pre-wrap; max-height: 26rem; overflow: auto; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem 1rem .4rem 0; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: .8125rem; }
tbody th { font-weight: 500; }
.matrix td, .matrix th { white-space: nowrap; }
.matrix tbody th { position: sticky; left: 0; background: var(--paper); }
.matrix a { text-decoration: none; }

.steps > li { display: grid; grid-template-columns: 1fr auto auto; gap: .1rem 1rem; padding: .4rem 0; border-top: 1px solid var(--line); align-items: center; }
.steps > li:first-child { border-top: 0; }
.track { grid-column: 1 / -1; grid-row: 2; position: relative; overflow: hidden; height: 8px; background: var(--raised); border-radius: 2px; }
.track i { position: absolute; inset: 0 auto 0 var(--from); width: max(3px, var(--long)); background: var(--tone); border-radius: 2px; }
.killed .track i { background: repeating-linear-gradient(135deg, var(--tone) 0 4px, transparent 4px 7px); }
.steps .detail { grid-column: 1 / -1; font-size: .875rem; white-space: pre-line; }
.time { text-align: right; min-width: 4.5rem; color: var(--soft); }

@media (min-width: 62rem) {
  section { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 2.5rem; }
  .checks > li { grid-template-columns: 7rem minmax(0, 1fr) 15rem; }
  .steps > li { grid-template-columns: 9rem minmax(0, 1fr) 7rem 4.5rem; }
  .track { grid-column: 2; grid-row: 1; }
  .steps .detail { grid-column: 2 / -1; }
}
@media screen and (max-width: 61.99rem) {
  .checks > li { grid-template-columns: auto 1fr; gap: .1rem .75rem; }
  .checks .what { display: contents; }
  .checks .what > :not(.name), .checks .measure { grid-column: 1 / -1; }
}
@media (max-width: 40rem) {
  main { padding: 1.25rem 1rem 3rem; }
  header { padding-left: .9rem; }
  table.stack thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table.stack tr { display: block; padding: .5rem 0; border-top: 1px solid var(--line); }
  table.stack td, table.stack th { display: block; border: 0; padding: 0; }
  .matrix td, .matrix th { padding-right: .8rem; }
  .facts { grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); gap: .6rem 1rem; }
}
.sign-off { display: none; }
@media print {
  :root { color-scheme: light; --paper: #fff; --raised: #f3f3f0; --ink: #000; --soft: #444; --line: #bbb; --pass: #17703f; --fail: #b3231b; --error: #84309a; --inconclusive: #8a5600; --skip: #555; --accepted: #265ca6; }
  @page { margin: 14mm; }
  body { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main { padding: 0; max-width: none; }
  nav, .checks .pass details { display: none; }
  summary { list-style: none; }
  .checks > li { grid-template-columns: 6.5rem minmax(0, 1fr) 11rem; }
  section { display: block; padding: 1rem 0; }
  h2, h3, .phase > header { break-after: avoid; }
  li, tr, pre { break-inside: avoid; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  pre { max-height: none; border: 1px solid var(--line); }
  .scroll { overflow: visible; }
  .sign-off { display: block; }
  .sign-off p { margin: 1.4rem 0; }
}
`
