import { html, nothing } from 'lit';
import { number, whole } from '../format.js';

/** Key under which training logs losses by mask ratio. */
export const LOSS_BY_MASK_RATIO = 'validation/loss_by_mask_ratio';

/** What the model wrote: one step's samples, newest first, with buttons for the other steps. */
export function samplesCard(samples, step, choose) {
  if (!samples.length) {
    return nothing;
  }
  const steps = [...new Set(samples.map((sample) => sample.step))].sort((a, b) => b - a);
  const shown = steps.includes(step) ? step : steps[0];
  return html`<section class="card" data-testid="samples">
    <div class="card-head"><h2>Samples</h2>
      <label class="small-text faint">optimizer step
        <select aria-label="Step of the samples" @change=${(event) => choose(Number(event.target.value))}>
          ${steps.map((one) => html`<option value=${one} ?selected=${one === shown}>${whole(one)}</option>`)}
        </select></label></div>
    ${samples.filter((sample) => sample.step === shown).map((sample) => html`<article class="sample">
      <h3 class="faint small-text">${sample.name} ${sample.index}</h3>
      <p class="written">${sample.prompt ? html`<span class="given">${sample.prompt}</span>` : nothing}${sample.text}</p>
    </article>`)}
  </section>`;
}

/** Mean of each bin, undefined where nothing fell into it. */
export function means(histogram) {
  return histogram.counts.map((count, bin) => (count ? Number(histogram.sums?.[bin]) / count : undefined));
}

/** Classes of the style sheet that shade a cell; the page's policy allows no style of an element's own. */
const SHADES = 10;

/** A column a step, a row a bin of mask ratios, the lowest at the bottom: darker is a higher loss. */
export function maskRatioCard(series) {
  const columns = (series?.histograms ?? []).filter((histogram) => histogram.sums);
  if (!columns.length) {
    return nothing;
  }
  const values = columns.map(means);
  const finite = values.flat().filter(Number.isFinite);
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const shade = (value) =>
    (most > least ? Math.min(SHADES - 1, Math.floor((SHADES * (value - least)) / (most - least))) : SHADES / 2);
  const rows = columns[0].counts.map((_, bin) => bin).reverse();
  const name = (bin) => `${number(columns[0].edges[bin], 1)} to ${number(columns[0].edges[bin + 1], 1)}`;
  const cell = (histogram, index, bin) => {
    const value = values[index][bin];
    return Number.isFinite(value)
      ? html`<td class="heat-${shade(value)}"
          title="step ${whole(histogram.step)}, mask ratio ${name(bin)}: ${number(value)} nats, ${whole(histogram.counts[bin])} tokens"></td>`
      : html`<td class="none" title="step ${whole(histogram.step)}, mask ratio ${name(bin)}: ${value === undefined ? 'no tokens' : 'not finite'}"></td>`;
  };
  return html`<section class="card chart-card" data-testid="mask-ratio">
    <header><h3>Validation loss by mask ratio</h3>
      <span class="faint small-text">${number(least)} to ${number(most)} nats per masked token${series.thinned ? `, ${columns.length} of ${whole(series.steps)} steps` : ''}</span></header>
    <table class="heat" aria-label="Validation loss by mask ratio and step"><tbody>
      ${rows.map((bin) => html`<tr><th scope="row">${name(bin)}</th>${columns.map((histogram, index) => cell(histogram, index, bin))}</tr>`)}
    </tbody></table>
    <p class="faint small-text">optimizer steps ${whole(columns[0].step)} to ${whole(columns.at(-1).step)}</p>
  </section>`;
}
