import { html, nothing } from 'lit';
import { api } from '../api.js';
import { number, shortDigest } from '../format.js';
import { chartPoints, unshown } from './chart.js';
import { Page } from './page.js';
import { loading, notice } from './parts.js';
import { find, groupTable, runTable } from './searches.js';

const COLOURS = 8;
const CHART_POINTS = 400;
const TABLE_RUNS = 20;

const HEADINGS = { curves: 'Curves', runs: 'Runs', differences: 'What differs', 'model-card': 'Model' };

/** Names of runs by id; a run that is gone keeps its id. */
async function namesOf(ids) {
  const filter = `attributes.run_id IN (${ids.map((id) => `'${id}'`).join(', ')})`;
  const found = await api.findRuns({ filter, state: 'ALL', fields: [], size: 100 });
  const names = new Map(found.map((run) => [run.id, run.name || run.id.slice(0, 8)]));
  return (id) => names.get(id) ?? `${id.slice(0, 8)} (gone)`;
}

/** One panel of a report, filled with what is known now. */
class ReportPanel extends Page {
  static properties = { panel: { attribute: false } };

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 10000);
  }

  /** A report that is read again brings equal panels; only another one is another question. */
  willUpdate(changed) {
    const before = changed.get('panel');
    if (before && JSON.stringify(before) !== JSON.stringify(this.panel)) {
      this.content = undefined;
      this.attempt(() => this.load());
    }
  }

  async load() {
    const wanted = JSON.stringify(this.panel);
    const content = await this.read(this.panel);
    if (wanted === JSON.stringify(this.panel)) {
      this.content = content;
    }
  }

  async read(panel) {
    switch (panel.kind) {
      case 'curves': {
        const [name, series] = await Promise.all([
          namesOf(panel.runs), api.series(panel.runs, panel.metrics, CHART_POINTS, panel.x ?? 'step'),
        ]);
        return { name, series };
      }
      case 'runs':
        return find(panel.search, panel.size ?? TABLE_RUNS);
      case 'differences': {
        const [name, differences] = await Promise.all([namesOf(panel.runs), api.differences(panel.runs)]);
        return { name, ...differences };
      }
      case 'model-card':
        return api.modelCard(panel.model, panel.version);
      default:
        return {};
    }
  }

  render() {
    const { panel } = this;
    return html`<section class="card" data-testid="panel-${panel.kind}">
      <div class="card-head"><h2 class="wrap">${panel.title || HEADINGS[panel.kind] || panel.kind}</h2></div>
      ${this.fault ? html`<div class="padded-part">${notice(this.fault)}</div>` : nothing}
      ${this.content ? this.show(panel, this.content) : this.fault ? nothing : loading}
    </section>`;
  }

  show(panel, content) {
    switch (panel.kind) {
      case 'curves':
        return this.curves(panel, content);
      case 'runs':
        return content.groups ? groupTable(panel.search.group, content.groups) : runTable(panel.search, content.runs);
      case 'differences':
        return this.differences(content);
      case 'model-card':
        return this.card(content);
      default:
        return html`<p class="chart-empty">This page is too old to show a panel of the kind ${panel.kind}: reload it.</p>`;
    }
  }

  curves(panel, { name, series }) {
    const many = panel.metrics.length > 1;
    const origin = panel.x === 'time' ? Math.min(...series.flatMap((one) => chartPoints(one).map((point) => point.step))) : 0;
    const seconds = (points) => points.map((point) => ({ ...point, step: (point.step - origin) / 1000 }));
    const curves = series.map((one, i) => {
      const points = chartPoints(one);
      return {
        label: many ? `${name(one.runId)} ${one.key}` : name(one.runId),
        colour: `compare-${i % COLOURS}`,
        points: !panel.x || panel.x === 'step' ? points : seconds(points),
        runId: one.runId,
        unshown: unshown(one),
      };
    });
    if (!curves.length) {
      return html`<p class="chart-empty">None of these runs has logged ${panel.metrics.join(', ')}.</p>`;
    }
    const hidden = curves.reduce((sum, curve) => sum + curve.unshown, 0);
    return html`<div class="padded-part">
      <div class="legend">${curves.map((curve) => html`<span><i class=${curve.colour}></i><a href="#/runs/${curve.runId}">${curve.label}</a></span>`)}
        <span class="faint">${many ? '' : `${panel.metrics[0]} `}over ${!panel.x || panel.x === 'step' ? 'steps' : 'seconds'}</span></div>
      <metric-chart class="tall" .curves=${curves.map((curve) => ({ ...curve, colour: `--${curve.colour}` }))} .height=${300} unit=""></metric-chart>
      ${hidden ? html`<p class="faint small-text">${hidden} logged values are NaN or infinite.</p>` : nothing}
    </div>`;
  }

  differences({ name, runs, params, tags }) {
    const rows = [...params, ...tags.filter(({ key }) => !key.startsWith('mlflow.'))];
    if (!rows.length) {
      return html`<p class="chart-empty">These runs have the same params and tags.</p>`;
    }
    return html`<div class="table-scroll"><table>
      <thead><tr><th></th>${runs.map((id) => html`<th><a href="#/runs/${id}">${name(id)}</a></th>`)}</tr></thead>
      <tbody>${rows.map((row) => html`<tr data-testid="difference"><td class="faint">${row.key}</td>
        ${row.values.map((value) => html`<td class="mono wrap">${value ?? '–'}</td>`)}</tr>`)}</tbody></table></div>`;
  }

  card(card) {
    const facts = [
      ['Version', html`<a href="#/models/${card.name}">${card.name} ${card.version}</a>`],
      ['Aliases', card.aliases.map((alias) => html`<span class="chip alias">@${alias}</span> `)],
      ['Licence', card.licence ?? 'not said'],
      ['Digest', html`<span class="digest">${shortDigest(card.digest)}</span>`],
      ['Run', card.run ? html`<a href="#/runs/${card.run.runId}">${card.run.name}</a>` : 'gone'],
    ];
    const metrics = card.run?.metrics ?? [];
    return html`<dl class="facts">${facts.map(([term, text]) => html`<div class="fact"><dt>${term}</dt><dd class="fact-text wrap">${text}</dd></div>`)}</dl>
      ${metrics.length
        ? html`<table class="pairs"><tbody>${metrics.map((one) => html`<tr><td>${one.metric}</td>
            <td class="mono">${Number.isFinite(Number(one.value)) ? number(one.value) : one.value}</td></tr>`)}</tbody></table>` : nothing}`;
  }
}

customElements.define('report-panel', ReportPanel);
