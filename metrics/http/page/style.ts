/**
 * The page's style. One text, so that its hash can stand in the Content-Security-Policy.
 *
 * @module
 */

import { MOST_DEPTH } from "./browser/mod.ts";

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
nav { align-items: center; color: var(--soft); display: flex; gap: .9rem; margin-left: auto; font-size: .85rem; }
nav a { line-height: 24px; min-width: 24px; }
#state { color: var(--soft); font-size: .85rem; white-space: nowrap; }
#state::before { background: var(--soft); border-radius: 50%; content: ""; display: inline-block; height: .5em; margin-right: .45em; width: .5em; }
#state.live::before { background: var(--up); }
#state.away { color: var(--bad); font-weight: 600; }
#state.away::before { background: var(--bad); }
main { align-items: start; display: grid; gap: .4rem 1.4rem; grid-template-areas: "trees news" "health health"; grid-template-columns: minmax(0, 1fr) minmax(18rem, 24.5rem); }
#trees { grid-area: trees; }
#news { grid-area: news; position: sticky; top: 0; }
#health { border-top: 1px solid var(--faint); color: var(--soft); display: flex; flex-wrap: wrap; font-size: .85rem; gap: .2rem 1rem; grid-area: health; margin: .6rem 0 0; padding-top: .5rem; }
#health:has(strong) { border: 1px solid var(--bad); border-radius: 8px; grid-row: 1; margin: 0 0 .6rem; padding: .45rem .8rem; }
main:has(#health strong) { grid-template-areas: "health health" "trees news"; }
#health strong { color: var(--bad); font-weight: 600; }
h2 { font-size: .95rem; font-weight: 650; margin: 0; }
#strip { flex-wrap: wrap; gap: .35rem; margin: 0 0 .5rem; padding: 0; }
#strip a { background: var(--card); border: 1px solid var(--faint); border-radius: 7px; color: var(--ink); font-size: .88rem; line-height: 1.3; min-height: 1.9rem; padding: .26rem .6rem; text-decoration: none; white-space: nowrap; }
#strip a:hover { border-color: currentColor; }
#strip b { font-weight: 650; }
#strip .grave b { color: var(--bad); }
#strip .random b { color: var(--odd); }
#strip .none, #strip .none b { color: var(--soft); font-weight: 400; }
#strip [aria-current] { background: var(--ink); border-color: var(--ink); color: var(--paper); }
#strip [aria-current] b { color: inherit; }
.bar { align-items: center; display: flex; flex-wrap: wrap; gap: .3rem .8rem; margin-bottom: .35rem; min-height: 2rem; }
#search { align-items: center; display: flex; flex: 1 1 14rem; gap: .7rem; }
#filter { background: var(--card); border: 1px solid var(--soft); border-radius: 6px; color: inherit; flex: 1 1 auto; font: inherit; max-width: 26rem; min-width: 0; padding: .28rem .6rem; }
#filter::placeholder { color: var(--soft); opacity: 1; }
button { background: none; border: 1px solid var(--faint); border-radius: 5px; color: var(--soft); cursor: pointer; font: inherit; font-size: .85rem; min-height: 1.8rem; padding: .2rem .6rem; }
button:hover { background: var(--hover); color: var(--ink); }
button[aria-pressed=true] { background: var(--ink); color: var(--paper); }
#matches, .note { color: var(--soft); font-size: .85rem; white-space: nowrap; }
ol { list-style: none; margin: 0; padding: 0; }
.row, .head { align-items: center; column-gap: .6rem; display: grid; grid-template-columns: minmax(8rem, 1fr) 3.7rem 3.9rem 3.1rem 4.1rem 4.1rem 3.2rem 2.9rem 60px; padding: 0 .4rem; }
.head { background: var(--paper); border-bottom: 1px solid var(--faint); color: var(--soft); font-size: .76rem; position: sticky; top: 0; z-index: 1; }
.head a { display: inline-block; line-height: 24px; min-width: 24px; text-decoration: none; }
.head a:hover { text-decoration: underline; }
.head [aria-sort] a { color: var(--ink); font-weight: 650; }
.head [aria-sort] a::after { content: " ↓"; }
.head [aria-sort=ascending] a::after { content: " ↑"; }
.head > *, .row > * { text-align: right; white-space: nowrap; }
.head > :first-child { padding-left: 24px; text-align: left; }
.row { border-bottom: 1px solid transparent; contain-intrinsic-size: auto 25px; content-visibility: auto; cursor: pointer; min-height: 25px; }
.row:hover { background: var(--hover); }
.row > .name {
  align-items: center; align-self: stretch; background: repeating-linear-gradient(90deg, transparent 0 12px, var(--guide) 12px 13px, transparent 13px var(--step)) 0 0 / calc(var(--d) * var(--step)) 100% no-repeat;
  display: flex; gap: .45rem; overflow: hidden; padding-left: calc(var(--d) * var(--step) + 24px); text-align: left;
}
.name a { line-height: 24px; min-width: 24px; overflow: hidden; text-decoration: none; text-overflow: ellipsis; }
.name a.path { direction: rtl; }
.name b { font-family: var(--mono); font-size: .92em; font-weight: 500; }
.name small { color: var(--soft); font-family: var(--mono); font-size: .85em; }
.name em { flex: 0 1 auto; min-width: 2rem; overflow: hidden; text-overflow: ellipsis; }
.fold { align-self: stretch; display: grid; flex: none; margin: 0 -.45rem 0 -24px; place-items: center; width: 24px; }
.fold::before { border: solid var(--soft); border-width: 0 1.5px 1.5px 0; content: ""; height: .38rem; margin-top: -.18rem; transform: rotate(45deg); width: .38rem; }
[aria-expanded=false] .fold::before { margin-top: 0; transform: rotate(-45deg); }
[aria-expanded=false] b::after { color: var(--soft); content: " …"; }
.up b { font-weight: 650; }
.ghost b, .row:not(.up) b { color: var(--soft); }
.row.random b { color: var(--odd); font-weight: 650; }
.row > :nth-child(2) { color: var(--up); font-weight: 600; }
.row > :nth-child(4) { color: var(--bad); }
.row > :nth-child(n + 5) { color: var(--soft); }
.opened { background: var(--hover); }
.detail { background: var(--hover); border-radius: 0 0 8px 8px; font-size: .9rem; margin-bottom: .4rem; padding: .2rem .8rem .8rem 24px; }
.detail h2 { font-size: .76rem; font-weight: 600; margin: .7rem 0 .15rem; }
.detail h2, .detail th, .detail .calm, .copies span { color: var(--soft); }
.detail ul, .detail p { list-style: none; margin: 0; padding: 0; }
.detail code { font-family: var(--mono); font-size: .95em; overflow-wrap: anywhere; }
.detail table { border-collapse: collapse; display: block; overflow-x: auto; }
.detail th, .detail td { font-weight: 400; padding: .1rem 1.1rem .1rem 0; text-align: left; white-space: nowrap; }
.detail th { font-size: .76rem; }
.detail em { display: inline-block; margin: 0 .2rem; }
.copies li { align-items: center; display: grid; gap: .6rem; grid-template-columns: 4.2rem minmax(0, 1fr) auto; }
.copies button { min-height: 24px; padding: 0 .5rem; }
@media (scripting: none) { .copy { display: none; } }
.lines { background: var(--card); border-radius: 6px; padding: 0 .5rem; }
svg { border-bottom: 1px solid var(--guide); height: 16px; vertical-align: bottom; width: 71px; }
svg.spark { width: 60px; }
#pulse { color: var(--soft); flex: 1 1 auto; font-size: .85rem; margin: 0; white-space: nowrap; }
#pulse svg { margin-right: .5rem; }
path { fill: var(--plot); }
em { border: 1px solid; border-radius: 4px; flex: none; font-size: .72rem; font-style: normal; line-height: 1.25; padding: 0 .3rem; }
em.random { color: var(--odd); }
em.unexpected, em.grave { color: var(--bad); }
em.ordinary { color: var(--soft); }
.flash > :nth-child(3) { animation: flash 1.6s ease-out; }
@keyframes flash { from { background: color-mix(in srgb, var(--plot) 35%, transparent); border-radius: 4px; } }
@media (prefers-reduced-motion: reduce) { .flash > :nth-child(3) { animation: none; } }
#news .bar { justify-content: space-between; }
#feed { border-top: 1px solid var(--faint); font-size: .86rem; max-height: calc(100vh - 5rem); overflow-y: auto; }
:is(#feed, .lines) li { border-bottom: 1px solid var(--faint); display: grid; gap: 0 .6rem; grid-template-columns: auto minmax(0, 1fr) auto; padding: .3rem .2rem; }
:is(#feed, .lines) time { color: var(--soft); font-size: .92em; }
:is(#feed, .lines) b { font-weight: 600; }
:is(#feed, .lines) .runs b { color: var(--up); }
:is(#feed, .lines) .failed b { color: var(--bad); }
:is(#feed, .lines) span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
:is(#feed, .lines) i { color: var(--soft); font-style: normal; text-align: right; }
:is(#feed, .lines) code { font-family: var(--mono); font-size: .95em; grid-column: 1 / -1; overflow-wrap: anywhere; }
:is(#feed, .lines) code + code::before { color: var(--soft); content: "→ "; }
:is(#feed, .lines) em { display: inline-block; margin-left: .4rem; }
#feed .skipped { color: var(--odd); display: block; }
#feed .calm { color: var(--soft); display: block; padding-top: .6rem; }
[hidden] { display: none !important; }
${DEPTHS}
@media (max-width: 72rem) {
  main, main:has(#health strong) { grid-template-areas: none; grid-template-columns: minmax(0, 1fr); }
  #trees, #news, #health, #health:has(strong) { grid-area: auto; }
  #news { position: static; }
  #feed { max-height: 11.5rem; }
}
@media (min-width: 46.01rem) and (max-width: 60rem) {
  .row, .head { grid-template-columns: minmax(8rem, 1fr) 3.7rem 3.9rem 3.1rem 4.1rem 3.2rem 2.9rem; }
  :is(.row, .head) > :is(:nth-child(6), :nth-child(9)) { display: none; }
}
@media (max-width: 46rem) {
  :root { --step: .55rem; }
  body { padding: .8rem .7rem 2rem; }
  nav { margin-left: 0; }
  #strip a { font-size: .82rem; padding-inline: .45rem; }
  .bar { row-gap: .3rem; }
  #search { flex-basis: 100%; }
  .head { column-gap: .9rem; display: flex; overflow-x: auto; }
  .head > :first-child { padding-left: 0; }
  .row { column-gap: .55rem; contain-intrinsic-size: auto 2.9rem; grid-template-columns: auto auto auto 1fr; min-height: 2.9rem; padding: .1rem .2rem .3rem; }
  .row > .name { background: none; grid-column: 1 / -1; min-width: 0; }
  .row > :nth-child(n + 2) { font-size: .8rem; line-height: 1.2; }
  .row > :nth-child(2) { padding-left: calc(var(--d) * var(--step) + 24px); text-align: left; }
  .row > :nth-child(2):not(:empty)::after { content: " running"; font-weight: 400; }
  .row > :nth-child(3):not(:empty)::after { content: " launched"; }
  .row > :nth-child(4):not(:empty)::after { content: " failed"; }
  .row > :nth-child(n + 5) { display: none; }
}
`;
