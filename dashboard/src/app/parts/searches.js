// Searches of runs as views and reports keep them, and their results as tables.
import { html, nothing } from 'lit';
import { api } from '../api.js';
import { number, since } from '../format.js';
import { badge } from './parts.js';

/** Metric columns where a search names no columns. */
const USUAL_METRICS = 6;

/** `metrics.x` and ``metrics.`a b` `` as kind and key; a bare kind has no key. */
function field(text) {
  const [, kind, quoted, bare] = /^([^.]+)(?:\.(?:[`"'](.*)[`"']|(.*)))?$/.exec(text) ?? [];
  const kinds = { metric: 'metrics', param: 'params', parameter: 'params', parameters: 'params', tag: 'tags' };
  return { kind: kinds[kind] ?? kind, key: quoted ?? bare };
}

/** The columns that a search names, or the metrics that the runs have. */
export function columns(search, runs) {
  const named = (search.fields ?? []).map(field).filter((column) => column.key);
  if (named.length) {
    return named;
  }
  const keys = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
  return keys.slice(0, USUAL_METRICS).map((key) => ({ kind: 'metrics', key }));
}

/** What a run has in a column. */
export function cell(run, { kind, key }) {
  if (kind === 'metrics') {
    const point = run.metrics[key];
    // NaN and the infinities come as texts.
    return point === undefined ? '–' : typeof point.value === 'string' ? point.value : number(point.value);
  }
  return (kind === 'params' ? run.params : run.tags)?.[key] ?? '–';
}

/** Asks for what a search finds: its runs, or its groups where it groups. */
export async function find({ group, ...search }, size) {
  if (group) {
    const { experiments, filter, state } = search;
    return { groups: await api.groupRuns({ experiments, filter, state, ...group }) };
  }
  return { runs: await api.findRuns({ ...search, size }) };
}

/**
 * Runs with their columns.
 *
 * @param {{has: (id: string) => boolean, set: (id: string, picked: boolean) => void}} [picks] to choose
 *   some of them by
 */
export function runTable(search, runs, picks) {
  if (!runs.length) {
    return html`<p class="chart-empty">The search finds no runs.</p>`;
  }
  const shown = columns(search, runs);
  return html`<div class="table-scroll"><table class="cards">
    <thead><tr><th>Run</th><th>Status</th>${shown.map(({ key }) => html`<th>${key}</th>`)}<th>Started</th>
      ${picks ? html`<th>Compare</th>` : nothing}</tr></thead>
    <tbody>${runs.map((run) => html`<tr data-testid="found-run">
      <td class="wide"><a class="name clip" href="#/runs/${run.id}">${run.name || run.id.slice(0, 8)}</a></td>
      <td data-label="Status">${badge(run.status)}</td>
      ${shown.map((column) => html`<td data-label=${column.key} class="wrap">${cell(run, column)}</td>`)}
      <td data-label="Started">${since(run.startTime)}</td>
      ${picks ? html`<td data-label="Compare"><input type="checkbox" aria-label="Compare ${run.name || run.id}"
        .checked=${picks.has(run.id)} @change=${(event) => picks.set(run.id, event.target.checked)}></td>` : nothing}
    </tr>`)}</tbody></table></div>`;
}

/** Groups with mean, deviation and range of each metric. */
export function groupTable(group, groups) {
  return html`<div class="table-scroll"><table class="cards">
    <thead><tr><th>${group.by}</th><th class="number">Runs</th>${group.metrics.map((key) => html`<th>${key}</th>`)}</tr></thead>
    <tbody>${groups.map((one) => html`<tr data-testid="found-group">
      <td class="wide"><strong class="wrap">${one.value ?? 'without one'}</strong></td>
      <td class="number" data-label="Runs">${one.runs}</td>
      ${group.metrics.map((key) => html`<td data-label=${key}>${statistics(one.metrics[key])}</td>`)}
    </tr>`)}</tbody></table></div>`;
}

function statistics(of) {
  if (!of || of.mean === null) {
    return '–';
  }
  const deviation = of.standardDeviation === null ? nothing : html` ± ${number(of.standardDeviation)}`;
  return html`${number(of.mean)}${deviation} <span class="faint small-text">${number(of.min)} to ${number(of.max)}</span>`;
}
