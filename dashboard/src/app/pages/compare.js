import { html, nothing } from 'lit';
import { api } from '../api.js';
import { number, whole } from '../format.js';
import { chartPoints, unshown } from '../parts/chart.js';
import { Page } from '../parts/page.js';
import { badge, loading, notice } from '../parts/parts.js';
import { latest } from './runs.js';

const COLOURS = 8;
const CHART_POINTS = 400;

/** One metric of several runs in one chart; their ids are in the address. */
class ComparePage extends Page {
  static properties = { ids: {} };

  constructor() {
    super();
    this.ids = '';
    this.runs = undefined;
    this.series = [];
    this.key = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 5000);
  }

  async load() {
    const ids = this.ids.split(',');
    this.runs = await Promise.all(ids.map((id) => api.run(id)));
    this.keys = [...new Set(this.runs.flatMap((run) => Object.keys(latest(run))))].sort();
    if (!this.keys.includes(this.key)) {
      this.key = this.keys.includes('train/loss') ? 'train/loss' : this.keys[0];
    }
    await this.loadCurves();
  }

  async loadCurves() {
    this.series = this.key ? await api.series(this.ids.split(','), [this.key], CHART_POINTS) : [];
  }

  async choose(event) {
    this.key = event.target.value;
    await this.attempt(() => this.loadCurves());
  }

  render() {
    return html`<a class="crumb" href="#/runs">← Runs</a>
      <div class="page-head"><div><h1>Compare</h1><p>One metric of several runs over their steps.</p></div>
        ${this.keys?.length ? this.chooser() : nothing}</div>
      <div class="stack">${notice(this.fault)} ${this.runs ? this.chart() : this.fault ? nothing : loading}</div>`;
  }

  chooser() {
    return html`<label>Metric <select data-testid="compare-metric" @change=${this.choose}>
      ${this.keys.map((key) => html`<option value=${key} ?selected=${key === this.key}>${key}</option>`)}
    </select></label>`;
  }

  chart() {
    const found = new Map(this.series.map((curve) => [curve.runId, curve]));
    const rows = this.runs.map((run, i) => {
      const curve = found.get(run.info.run_id);
      return { run, curve, colour: `compare-${i % COLOURS}`, name: run.info.run_name || run.info.run_id.slice(0, 8) };
    });
    const curves = rows.filter(({ curve }) => curve)
      .map(({ curve, colour, name }) => ({ label: name, colour: `--${colour}`, points: chartPoints(curve) }));
    return html`<section class="card chart-card" data-testid="compare-chart">
        ${curves.length
          ? html`<metric-chart class="tall" .curves=${curves} .height=${360} unit=""></metric-chart>`
          : html`<p class="chart-empty">None of these runs has logged a metric yet.</p>`}
      </section>
      <section class="card table-scroll"><table class="cards">
        <thead><tr><th>Run</th><th>Status</th><th class="number">Latest</th><th class="number">Points</th><th class="number">NaN or infinite</th></tr></thead>
        <tbody>${rows.map((row) => this.row(row))}</tbody>
      </table></section>`;
  }

  row({ run, curve, colour, name }) {
    return html`<tr>
      <td class="wide"><span class="legend"><span><i class=${colour}></i><a href="#/runs/${run.info.run_id}">${name}</a></span></span></td>
      <td data-label="Status">${badge(run.info.status)}</td>
      <td class="number" data-label="Latest">${number(latest(run)[this.key])}</td>
      <td class="number" data-label="Points">${whole(curve?.count)}</td>
      <td class="number" data-label="NaN or infinite">${whole(unshown(curve))}</td>
    </tr>`;
  }
}

customElements.define('compare-page', ComparePage);
