/**
 * The page's style. One text, so that its hash can stand in the Content-Security-Policy.
 *
 * @module
 */

/** Labels of a tree at most; `/random` and a guard against more. */
const MOST_DEPTH = 33;

const DEPTHS = Array.from({ length: MOST_DEPTH + 1 }, (_, depth) => `.d${depth}{--d:${depth}}`).join("");

/** The text of the style element. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfbf9; --card: #fff; --ink: #1d2126; --soft: #5d6570; --faint: #e4e4de; --guide: #dcdcd4;
  --up: #15803d; --bad: #b4232c; --odd: #8a5a00; --plot: #3a6ea8; --hover: #f1f1ec; --focus: #2563c9;
  --step: 1.05rem; --mono: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, monospace;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Inter, Roboto, sans-serif;
  font-variant-numeric: tabular-nums;
  background: var(--paper); color: var(--ink);
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1a1e22; --ink: #e3e6e9; --soft: #98a1ab; --faint: #2a2f35; --guide: #2f353b;
    --up: #4ade80; --bad: #ff8086; --odd: #f0bd5b; --plot: #79aee6; --hover: #20252a; --focus: #7db2ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 100rem; padding: 1.1rem 1.4rem 3rem; }
a { color: inherit; text-decoration-color: var(--guide); text-underline-offset: .2em; }
a:hover { text-decoration-color: currentColor; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: -2px; border-radius: 3px; }
header { align-items: baseline; display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin-bottom: .9rem; }
h1 { font-size: 1.15rem; font-weight: 650; letter-spacing: -.01em; margin: 0; }
h1 small { color: var(--soft); font-size: .82rem; font-weight: 400; letter-spacing: 0; margin-left: .35rem; }
nav { color: var(--soft); display: flex; gap: .9rem; margin-left: auto; font-size: .85rem; }
#state { color: var(--soft); font-size: .85rem; white-space: nowrap; }
#state::before { background: var(--soft); border-radius: 50%; content: ""; display: inline-block; height: .5em; margin-right: .45em; width: .5em; }
#state.live::before { background: var(--up); }
#state.away::before { background: var(--bad); }
dl { background: var(--card); border: 1px solid var(--faint); border-radius: 8px; display: flex; flex-wrap: wrap; margin: 0 0 1rem; padding: .55rem .3rem; row-gap: .5rem; }
dl div { border-left: 1px solid var(--faint); min-width: 5.4rem; padding: 0 .9rem; }
dl div:first-child { border: 0; }
dt { color: var(--soft); font-size: .74rem; }
dd { font-weight: 550; margin: 0; white-space: nowrap; }
dd.bad { color: var(--bad); }
dd i { color: var(--soft); font-style: normal; font-weight: 400; }
dd i.on { color: inherit; font-weight: 550; }
dd i + i { margin-left: .55em; }
dd i.off { text-decoration: line-through; }
main { align-items: start; display: grid; gap: 1.4rem; grid-template-columns: minmax(0, 1fr) minmax(18rem, 24.5rem); }
h2 { font-size: .95rem; font-weight: 650; margin: 0; }
.bar { align-items: center; display: flex; flex-wrap: wrap; gap: .5rem .8rem; margin-bottom: .45rem; min-height: 2rem; }
.bar form { flex: 1 1 12rem; }
input { background: var(--card); border: 1px solid var(--faint); border-radius: 6px; color: inherit; font: inherit; max-width: 24rem; padding: .28rem .6rem; width: 100%; }
input::placeholder { color: var(--soft); opacity: 1; }
button { background: none; border: 0; border-radius: 5px; color: var(--soft); cursor: pointer; font: inherit; font-size: .85rem; padding: .25rem .4rem; }
button:hover { background: var(--hover); color: var(--ink); }
#matches, .note { color: var(--soft); font-size: .85rem; }
ul, ol { list-style: none; margin: 0; padding: 0; }
.row, .head { align-items: center; column-gap: .7rem; display: grid; grid-template-columns: minmax(8rem, 1fr) 3.2rem 4rem 3.4rem 9.6rem 4.6rem 3.8rem; padding: 0 .5rem; }
.head { background: var(--paper); border-bottom: 1px solid var(--faint); color: var(--soft); font-size: .76rem; padding-bottom: .25rem; padding-top: .2rem; position: sticky; top: 0; z-index: 1; }
.head span, .row > * { text-align: right; white-space: nowrap; }
.head span:first-child { text-align: left; }
.head span:nth-child(5), .row > :nth-child(5) { text-align: left; }
.row { border-bottom: 1px solid transparent; contain: layout style; min-height: 1.72rem; }
.row:hover { background: var(--hover); }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
.row > :first-child {
  align-self: stretch; align-items: baseline; display: flex; gap: .5rem; overflow: hidden; padding: .18rem 0 .18rem calc(var(--d) * var(--step) + 1.1rem); text-align: left;
  background: repeating-linear-gradient(90deg, transparent 0 .42rem, var(--guide) .42rem calc(.42rem + 1px), transparent calc(.42rem + 1px) var(--step)) 0 0 / calc(var(--d) * var(--step)) 100% no-repeat;
}
.row b { font-family: var(--mono); font-size: .92em; font-weight: 500; min-width: 1ch; overflow: hidden; position: relative; text-overflow: ellipsis; }
summary > :first-child::before { align-self: center; border: solid var(--soft); border-width: 0 1.5px 1.5px 0; content: ""; flex: none; height: .38rem; margin: -.18rem .1rem 0 -1rem; transform: rotate(45deg); width: .38rem; }
details:not([open]) > summary > :first-child::before { margin-top: 0; transform: rotate(-45deg); }
details:not([open]) > summary b::after { color: var(--soft); content: " …"; }
.up b { font-weight: 650; }
.ghost b, .row:not(.up) b { color: var(--soft); }
.row > :nth-child(2) { color: var(--up); font-weight: 600; }
.row > :nth-child(4) { color: var(--bad); }
.row > :nth-child(5) { align-items: center; display: flex; gap: .55rem; }
.row > :nth-child(6), .row > :nth-child(7), .row > :nth-child(5) { color: var(--soft); }
svg { border-bottom: 1px solid var(--guide); flex: none; height: 16px; width: 71px; }
path { fill: var(--plot); }
svg:has(path[d=""]) { visibility: hidden; }
em { border: 1px solid; border-radius: 4px; flex: none; font-size: .72rem; font-style: normal; line-height: 1.25; padding: 0 .3rem; }
em.random { color: var(--odd); }
em.unexpected, em.grave { color: var(--bad); }
em.ordinary { color: var(--soft); }
#feed em { display: inline-block; margin-left: .4rem; }
#feed span:has(em) { white-space: normal; }
.flash > :nth-child(3) { animation: flash 1.6s ease-out; }
@keyframes flash { from { background: color-mix(in srgb, var(--plot) 35%, transparent); border-radius: 4px; } }
@media (prefers-reduced-motion: reduce) { .flash > :nth-child(3) { animation: none; } }
aside { position: sticky; top: 0; }
#feed { border-top: 1px solid var(--faint); font-size: .86rem; max-height: calc(100vh - 5rem); overflow-y: auto; }
#feed li { border-bottom: 1px solid var(--faint); display: grid; gap: 0 .6rem; grid-template-columns: auto minmax(0, 1fr) auto; padding: .3rem .2rem; }
#feed time { color: var(--soft); font-size: .92em; }
#feed b { font-weight: 600; }
#feed .launch b { color: var(--up); }
#feed .failed b { color: var(--bad); }
#feed span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#feed i { color: var(--soft); font-style: normal; text-align: right; }
#feed code { font-family: var(--mono); font-size: .95em; grid-column: 1 / -1; overflow-wrap: anywhere; }
#feed .skipped { color: var(--odd); display: block; }
#feed .calm { color: var(--soft); display: block; padding-top: .6rem; }
[hidden] { display: none !important; }
${DEPTHS}
@media (max-width: 68rem) {
  main { grid-template-columns: minmax(0, 1fr); }
  aside { order: -1; position: static; }
  #feed { max-height: 11.5rem; }
}
@media (max-width: 46rem) {
  :root { --step: .55rem; }
  body { padding: .8rem .7rem 2rem; }
  nav { margin-left: 0; }
  dl div { min-width: 4.6rem; padding: 0 .6rem; }
  .head { display: none; }
  .row { column-gap: .55rem; grid-template-columns: auto auto auto 1fr; min-height: 2.9rem; padding: .1rem .2rem .3rem; }
  .row > :first-child { background: none; grid-column: 1 / -1; min-width: 0; }
  .row > :nth-child(n + 2) { font-size: .8rem; line-height: 1.2; padding-left: 0; }
  .row > :nth-child(2) { padding-left: calc(var(--d) * var(--step) + 1.1rem); text-align: left; }
  .row > :nth-child(2):not(:empty)::after { content: " running"; font-weight: 400; }
  .row > :nth-child(3):not(:empty)::after { content: " launched"; }
  .row > :nth-child(4):not(:empty)::after { content: " failed"; }
  .row > :nth-child(5) { justify-content: end; }
  .row > :nth-child(6), .row > :nth-child(7), .row > :nth-child(5) > span { display: none; }
}
`;
