/** The style of the receipt's page, on a screen and on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light; }
body { margin: 0; padding: 1rem; background: #eceff1; color: #111; }
body { font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1.5rem; background: #fff; border-radius: .5rem; }
h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; text-align: center; }
p { margin: .25rem 0; text-align: center; }
dl { margin: .5rem 0; }
dl > div { display: flex; flex-wrap: wrap; justify-content: space-between; }
dl > div { gap: 0 1rem; padding: .125rem 0; }
dt { color: #455a64; }
dd { margin: 0; margin-inline-start: auto; text-align: end; overflow-wrap: anywhere; }
dd { font-variant-numeric: tabular-nums; }
.strong dt, .strong dd { color: #111; font-size: 1.25rem; font-weight: 700; }
hr { margin: 1rem 0; border: 0; border-top: 1px dashed #607d8b; }
figure { margin: 1rem 0; text-align: center; }
svg { width: 11rem; height: 11rem; background: #fff; }
.signature { margin-top: 4rem; padding-top: .25rem; border-top: 1px solid #111; text-align: start; }
@media print {
  @page { margin: 12mm; }
  body { padding: 0; background: #fff; font-size: 10pt; }
  main { padding: 0; border-radius: 0; }
  dt { color: #111; }
}
`.trim();
