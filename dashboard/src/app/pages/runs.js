import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { api } from '../api.js';
import { duration, number, since, whole } from '../format.js';
import { Page } from '../parts/page.js';
import { badge, empty, loading, notice } from '../parts/parts.js';

const WAITING = new Set(['QUEUED', 'RUNNING', 'STOPPING']);

/** Latest values of a run by metric name. */
export function latest(run) {
  return Object.fromEntries((run.data?.metrics ?? []).map((metric) => [metric.key, metric.value]));
}

export function tagOf(run, key) {
  return (run.data?.tags ?? []).find((tag) => tag.key === key)?.value;
}

/** All runs of the team, and what is being trained at the moment. */
class RunsPage extends Page {
  constructor() {
    super();
    this.runs = undefined;
    this.jobs = [];
    this.names = new Map();
    this.picked = new Set();
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 3000);
  }

  async load() {
    const experiments = await api.experiments();
    this.names = new Map(experiments.map((e) => [e.experiment_id, e.name]));
    this.runs = experiments.length ? await api.runs(experiments.map((e) => e.experiment_id)) : [];
    // Training may be away while its runs are still there to look at.
    this.jobs = await api.jobs().catch(() => []);
  }

  render() {
    return html`<div class="page-head"><div><h1>Runs</h1><p>Every training run of your team, newest first.</p></div>
        ${this.picked.size > 1
          ? html`<a class="button primary" data-testid="compare" href="#/compare/${[...this.picked].join(',')}">Compare ${this.picked.size} runs</a>`
          : nothing}</div>
      <div class="stack">
        ${notice(this.fault)} ${this.queue()} ${this.table()}
      </div>`;
  }

  queue() {
    const active = this.jobs.filter((job) => WAITING.has(job.status));
    if (!active.length) {
      return nothing;
    }
    return html`<section class="card" aria-label="Training now">
      <div class="card-head"><h2>Training now</h2></div>
      <div class="queue">${active.map((job) => this.job(job))}</div>
    </section>`;
  }

  job(job) {
    const progress = job.progress ?? {};
    const step = progress.totalSteps
      ? `step ${whole(progress.optimizerStep)} of ${whole(progress.totalSteps)}`
      : progress.step ?? progress.detail ?? 'waiting for a worker';
    const left = progress.secondsLeft ? ` · ${duration(progress.secondsLeft)} left` : '';
    return html`<div class="job">
      <div class="clip">${job.runId ? html`<a href="#/runs/${job.runId}">${job.name}</a>` : html`<strong>${job.name}</strong>`}
        <span class="faint small-text"> ${step}${left}</span></div>
      ${badge(job.status)}
      <progress class="progress" max="100" value=${progress.percent ?? 0} aria-label="Progress of ${job.name}"></progress>
    </div>`;
  }

  table() {
    if (this.runs === undefined) {
      return this.fault ? nothing : loading;
    }
    if (!this.runs.length) {
      return html`<section class="card">${empty(
        'No runs yet',
        html`Train a first model with <code>./unmask demo</code>, or point any MLflow client at this address: its runs appear here.`,
      )}</section>`;
    }
    return html`<section class="card table-scroll">
      <table class="cards">
        <thead><tr><th>Run</th><th>Status</th><th class="number">Train loss</th><th class="number">Validation</th>
          <th class="number">Bits/byte</th><th class="number">Tokens/s</th><th>Started</th><th>Took</th><th>Compare</th></tr></thead>
        <tbody>${repeat(this.runs, (run) => run.info.run_id, (run) => this.row(run))}</tbody>
      </table>
    </section>`;
  }

  row(run) {
    const { info } = run;
    const metrics = latest(run);
    const end = info.end_time || (info.status === 'RUNNING' ? Date.now() : undefined);
    return html`<tr class="run-row" data-testid="run-row" @click=${(event) => this.open(event, info.run_id)}>
      <td class="wide"><a class="name clip" href="#/runs/${info.run_id}">${info.run_name || info.run_id.slice(0, 8)}</a>
        <span class="faint small-text">${this.names.get(info.experiment_id) ?? ''}</span></td>
      <td data-label="Status">${badge(info.status)}</td>
      <td class="number" data-label="Train loss">${number(metrics['train/loss'])}</td>
      <td class="number" data-label="Validation">${number(metrics['validation/nats_per_token'])}</td>
      <td class="number" data-label="Bits/byte">${number(metrics['validation/bits_per_byte'])}</td>
      <td class="number" data-label="Tokens/s">${whole(metrics['train/tokens_per_second'])}</td>
      <td data-label="Started">${since(Number(info.start_time))}</td>
      <td data-label="Took">${end && info.start_time ? duration((end - info.start_time) / 1000) : '–'}</td>
      <td data-label="Compare"><input type="checkbox" data-testid="compare-pick" aria-label="Compare ${info.run_name || info.run_id}"
        .checked=${this.picked.has(info.run_id)} @change=${(event) => this.pick(info.run_id, event.target.checked)}></td>
    </tr>`;
  }

  pick(id, picked) {
    if (picked) {
      this.picked.add(id);
    } else {
      this.picked.delete(id);
    }
    this.requestUpdate();
  }

  open(event, id) {
    if (!event.target.closest('a, input')) {
      location.hash = `#/runs/${id}`;
    }
  }
}

customElements.define('runs-page', RunsPage);
