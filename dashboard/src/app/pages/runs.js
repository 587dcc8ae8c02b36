import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { api, may } from '../api.js';
import { duration, number, since, whole } from '../format.js';
import { Page } from '../parts/page.js';
import { badge, confirmed, empty, loading, notice } from '../parts/parts.js';
import { find, groupTable, runTable } from '../parts/searches.js';

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
  static properties = { viewId: {} };

  constructor() {
    super();
    this.viewId = '';
    this.views = [];
    /** What is looked for instead of the view's search; undefined for just that. */
    this.search = undefined;
    this.found = undefined;
    this.runs = undefined;
    this.jobs = [];
    this.names = new Map();
    this.picked = new Set();
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 3000);
  }

  willUpdate(changed) {
    if (changed.has('viewId') && changed.get('viewId') !== undefined && this.runs) {
      this.search = undefined;
      this.found = undefined;
      this.attempt(() => this.load());
    }
  }

  get view() {
    return this.views.find((view) => String(view.id) === this.viewId);
  }

  /** What is asked for now; undefined for all runs. */
  get wanted() {
    return this.search ?? this.view?.search;
  }

  async load() {
    this.views = await api.views();
    const search = this.wanted;
    const found = search ? { search, ...(await find(search, 200)) } : undefined;
    if (search === this.wanted) {
      this.found = found;
    }
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
        ${notice(this.fault)} ${this.queue()} ${this.searchCard()}
        ${this.found ? this.results() : this.table()}
      </div>`;
  }

  searchCard() {
    const { view } = this;
    const search = this.wanted ?? {};
    return html`<section class="card padded" aria-label="Search">
      <form class="row end" @submit=${this.look}>
        <label>View <select data-testid="view-select" @change=${this.chooseView}>
          <option value="" ?selected=${!this.viewId}>All runs</option>
          ${this.views.map((one) => html`<option value=${one.id} ?selected=${String(one.id) === this.viewId}>${one.name}${one.yours ? '' : ` · ${one.owner}`}</option>`)}
        </select></label>
        <label class="grow">Filter <input name="filter" data-testid="run-filter" .value=${search.filter ?? ''} autocomplete="off" spellcheck="false"
          placeholder="metrics.loss < 2 AND params.lr = '0.1'"></label>
        <button data-testid="run-search" ?disabled=${this.busy}>Search</button>
      </form>
      ${may('member') ? this.viewForm(search, view) : nothing}
    </section>`;
  }

  viewForm(search, view) {
    const own = view?.yours ? view : undefined;
    return html`<details class="view-form"><summary data-testid="view-edit">${own ? 'Change this view' : 'Save as a view'}</summary>
      <form class="row end" @submit=${this.saveView}>
        <label>Name <input name="name" data-testid="view-name" required maxlength="100" .value=${own?.name ?? ''} autocomplete="off"></label>
        <label>Order, with commas between <input name="order" .value=${(search.order ?? []).join(', ')} placeholder="metrics.loss ASC" autocomplete="off"></label>
        <label>Columns, with commas between <input name="fields" data-testid="view-fields" .value=${(search.fields ?? []).join(', ')} placeholder="metrics.loss, params.lr" autocomplete="off"></label>
        <label class="row"><input type="checkbox" name="shared" .checked=${own?.shared ?? false}> for the team</label>
        <button class="primary" data-testid="view-save" ?disabled=${this.busy}>Save</button>
        ${own || (view && may('maintainer')) ? html`<button type="button" class="danger" @click=${this.deleteView}>Delete</button>` : nothing}
      </form></details>`;
  }

  results() {
    const { search, runs, groups } = this.found;
    const picks = { has: (id) => this.picked.has(id), set: (id, picked) => this.pick(id, picked) };
    return html`<section class="card" data-testid="found">
      <div class="card-head"><h2>${this.search ? 'Found' : this.view?.name ?? 'Found'}</h2>
        <span class="faint small-text">${groups ? `${groups.length} groups` : `${runs.length} runs`}</span></div>
      ${groups ? groupTable(search.group, groups) : runTable(search, runs, picks)}</section>`;
  }

  chooseView(event) {
    location.hash = event.target.value ? `#/views/${event.target.value}` : '#/runs';
  }

  /** The filter as it is written now, with the rest of the view. */
  look(event) {
    event.preventDefault();
    const filter = new FormData(event.target).get('filter').trim();
    this.search = filter || this.view ? { ...this.view?.search, filter: filter || undefined } : undefined;
    this.attempt(() => this.load());
  }

  saveView(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    const list = (name) => {
      const words = data.get(name).split(',').map((word) => word.trim()).filter(Boolean);
      return words.length ? words : undefined;
    };
    const filter = this.querySelector('input[name=filter]').value.trim();
    const own = this.view?.yours ? this.view : undefined;
    const search = { ...this.view?.search, filter: filter || undefined, order: list('order'), fields: list('fields') };
    const wanted = { name: data.get('name'), shared: data.get('shared') !== null, search };
    this.attempt(async () => {
      const saved = own
        ? await api.changeView(own.id, { version: own.version, ...wanted })
        : await api.createView(wanted);
      this.search = undefined;
      await this.load();
      location.hash = `#/views/${saved.id}`;
    });
  }

  async deleteView() {
    const { view } = this;
    if (await confirmed(`Delete the view ${view.name}?`, 'The runs stay as they are.', 'Delete')) {
      await this.attempt(async () => {
        await api.deleteView(view.id);
        location.hash = '#/runs';
      });
    }
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
