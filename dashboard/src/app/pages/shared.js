import { html, nothing } from 'lit';
import { api } from '../api.js';
import { moment, number } from '../format.js';
import '../parts/chart.js';
import '../parts/markdown.js';
import { Page } from '../parts/page.js';
import { badge, loading, notice } from '../parts/parts.js';

const COLOURS = 8;

/** What the holder of a share link reads: a report and its runs, or some runs, and nothing else. */
class SharedPage extends Page {
  constructor() {
    super();
    this.curves = new Map();
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 60000);
  }

  async load() {
    const shared = await api.shared();
    const wanted = (shared.report?.panels ?? []).filter((panel) => panel.kind === 'curves')
      .flatMap((panel) => panel.runs.flatMap((run) => panel.metrics.map((metric) => ({ run, metric }))));
    for (const { run, metric } of wanted) {
      // One after the other: a report may show hundreds.
      this.curves.set(`${run} ${metric}`, await this.history(shared, run, metric));
    }
    this.shared = shared;
  }

  /** A run that was deleted is named still, and has nothing to show. */
  async history({ runs }, run, metric) {
    return runs.some((one) => one.runId === run) ? api.sharedHistory(run, metric) : [];
  }

  render() {
    const { shared } = this;
    if (!shared) {
      return html`<div class="stack">${notice(this.fault)} ${this.fault ? nothing : loading}</div>`;
    }
    const { report } = shared;
    return html`<div class="page-head"><div><h1>${report?.title ?? shared.name}</h1>
        <p>Shared with you until ${moment(shared.expiresAt)}${report ? `, as of ${moment(report.changedAt)}` : ''}.</p></div></div>
      <div class="stack">
        ${notice(this.fault)}
        ${report?.text.trim() ? html`<section class="card padded"><markdown-text .text=${report.text}></markdown-text></section>` : nothing}
        ${(report?.panels ?? []).map((panel) => this.panel(panel))}
        ${report?.hiddenPanels ? html`<p class="faint small-text" data-testid="hidden-panels">${report.hiddenPanels} of the report's panels show more than this link may.</p>` : nothing}
        ${shared.runs.length ? shared.runs.map((run) => this.run(run)) : html`<p class="loading">Nothing is left of what was shared.</p>`}
      </div>`;
  }

  panel(panel) {
    return html`<section class="card" data-testid="shared-${panel.kind}">
      <div class="card-head"><h2 class="wrap">${panel.title || (panel.kind === 'curves' ? panel.metrics.join(', ') : 'What differs')}</h2></div>
      ${panel.kind === 'curves' ? this.chart(panel) : this.differences(panel)}
    </section>`;
  }

  chart(panel) {
    const curves = panel.runs
      .flatMap((run) => panel.metrics.map((metric) => ({ run, metric, points: this.curves.get(`${run} ${metric}`) ?? [] })))
      .filter(({ points }) => points.length)
      .map(({ run, metric, points }, i) => ({
        label: panel.metrics.length > 1 ? `${this.name(run)} ${metric}` : this.name(run),
        colour: `compare-${i % COLOURS}`,
        points: points.map((point) => ({ step: point.step, value: Number(point.value) })),
      }));
    return html`<div class="padded-part">${curves.length
      ? html`<div class="legend">${curves.map((curve) => html`<span><i class=${curve.colour}></i>${curve.label}</span>`)}</div>
        <metric-chart class="tall" .curves=${curves.map((curve) => ({ ...curve, colour: `--${curve.colour}` }))} .height=${300} unit=""></metric-chart>`
      : html`<p class="chart-empty">None of these runs has logged it.</p>`}</div>`;
  }

  differences({ runs: ids }) {
    const runs = this.shared.runs.filter((run) => ids.includes(run.runId));
    const keys = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort()
      .filter((key) => new Set(runs.map((run) => run.params[key])).size > 1);
    return keys.length
      ? html`<div class="table-scroll"><table><thead><tr><th></th>${runs.map((run) => html`<th>${run.name}</th>`)}</tr></thead>
          <tbody>${keys.map((key) => html`<tr><td class="faint">${key}</td>${runs.map((run) => html`<td class="mono wrap">${run.params[key] ?? '–'}</td>`)}</tr>`)}</tbody></table></div>`
      : html`<p class="chart-empty">These runs have the same params.</p>`;
  }

  name(id) {
    return this.shared?.runs.find((run) => run.runId === id)?.name ?? id.slice(0, 8);
  }

  run(run) {
    const pairs = (entries) => html`<table class="pairs"><tbody>${entries.map(([key, value]) => html`<tr><td>${key}</td><td class="mono">${value}</td></tr>`)}</tbody></table>`;
    const shown = (value) => (typeof value === 'string' ? value : number(value));
    return html`<details class="card" data-testid="shared-run"><summary><span class="wrap">${run.name}</span> ${badge(run.status)}</summary>
      ${pairs(Object.entries(run.metrics).map(([key, value]) => [key, shown(value)]))}
      ${pairs([...Object.entries(run.params), ...Object.entries(run.tags)])}</details>`;
  }
}

customElements.define('shared-page', SharedPage);
