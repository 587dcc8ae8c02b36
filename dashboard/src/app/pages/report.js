import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { api, may } from '../api.js';
import { moment, since } from '../format.js';
import '../parts/markdown.js';
import { Page } from '../parts/page.js';
import { FRESH } from '../parts/panel-form.js';
import '../parts/panels.js';
import { confirmed, loading, notice } from '../parts/parts.js';

const KINDS = { curves: 'Curves', runs: 'Table of runs', differences: 'What differs', 'model-card': 'Model card' };

/** One report: read, changed, and as it was. Its address is #/reports/ID, …/edit or …/versions/N. */
class ReportPage extends Page {
  static properties = { reportId: {}, mode: {}, version: {} };

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.refresh(), 15000);
  }

  willUpdate(changed) {
    const moved = ['reportId', 'mode', 'version'].some((name) => changed.has(name) && changed.get(name) !== undefined);
    if (moved) {
      this.report = undefined;
      this.draft = undefined;
      this.attempt(() => this.refresh());
    }
  }

  /** Where the page is; what was asked for elsewhere is not shown here. */
  get address() {
    return [this.reportId, this.mode, this.version].join('/');
  }

  get editing() {
    return this.reportId === 'new' || this.mode === 'edit';
  }

  /** What is being written is not replaced by what others save meanwhile: saving tells of that. */
  async refresh() {
    if (this.editing) {
      await this.startDraft();
      return;
    }
    const { address } = this;
    const [report, versions] = await Promise.all([
      this.mode === 'versions' ? api.reportVersion(this.reportId, this.version) : api.report(this.reportId),
      api.reportVersions(this.reportId),
    ]);
    if (address === this.address) {
      this.report = report;
      this.versions = versions;
    }
  }

  async startDraft() {
    if (this.draft) {
      return;
    }
    const { address } = this;
    const [report, runs, views, models] = await Promise.all([
      this.reportId === 'new' ? { title: '', text: '', panels: [] } : api.report(this.reportId),
      api.findRuns({ fields: [], size: 100 }),
      api.views(),
      api.models(),
    ]);
    if (address !== this.address) {
      return;
    }
    this.choices = { runs: runs.map((run) => ({ id: run.id, name: run.name || run.id.slice(0, 8) })), views, models };
    this.report = report;
    // Panels have no ids of their own; while they are moved about, the page gives them some.
    this.draft = { title: report.title, text: report.text, panels: report.panels.map((panel, i) => ({ key: i, panel })) };
    this.nextKey = report.panels.length;
  }

  render() {
    if (!this.report || (this.editing && !this.draft)) {
      return html`<div class="stack">${this.fault ? html`<a href="#/reports">← Reports</a>` : loading} ${notice(this.fault)}</div>`;
    }
    return this.editing ? this.editor() : this.reader();
  }

  reader() {
    const { report } = this;
    const newest = this.versions[0]?.version ?? report.version;
    return html`<a class="crumb" href="#/reports">← Reports</a>
      <div class="page-head"><div><h1>${report.title}</h1>
          <p>By ${report.author} · version ${report.version}, ${since(report.changedAt)}${report.changedBy === report.author ? nothing : html` by ${report.changedBy}`}</p></div>
        <div class="row">${this.buttons(newest)}</div></div>
      <div class="stack">
        ${notice(this.fault)}
        ${report.version === newest ? nothing : html`<div class="notice info" role="status"><div><strong>This is an old version.</strong>
          <p>Curves and tables show what is known now.</p></div><a class="button small" href="#/reports/${report.id}">Newest</a></div>`}
        ${report.text.trim() ? html`<section class="card padded"><markdown-text data-testid="report-text" .text=${report.text}></markdown-text></section>` : nothing}
        ${report.panels.map((panel) => html`<report-panel .panel=${panel}></report-panel>`)}
        ${this.history(newest)}
      </div>`;
  }

  buttons(newest) {
    const { report } = this;
    if (report.version !== newest) {
      return may('member')
        ? html`<button class="primary" data-testid="report-restore" ?disabled=${this.busy} @click=${() => this.restore(newest)}>Restore this version</button>` : nothing;
    }
    return html`${may('maintainer') ? html`<a class="button" href="#/shares/report/${report.id}">Share</a>` : nothing}
      ${may('member') ? html`<button class="danger" ?disabled=${this.busy} @click=${this.discard}>Delete</button>
        <a class="button primary" data-testid="report-edit" href="#/reports/${report.id}/edit">Change</a>` : nothing}`;
  }

  history(newest) {
    return html`<details class="card"><summary>Versions (${this.versions.length})</summary>
      <table class="cards"><thead><tr><th>Version</th><th>Title</th><th>By</th><th>At</th></tr></thead>
        <tbody>${this.versions.map((one) => html`<tr data-testid="version-line">
          <td data-label="Version"><a href=${one.version === newest ? `#/reports/${this.report.id}` : `#/reports/${this.report.id}/versions/${one.version}`}>${one.version}</a>
            ${one.restored ? html`<span class="faint small-text">restored ${one.restored}</span>` : nothing}</td>
          <td data-label="Title" class="wrap">${one.title}</td><td data-label="By">${one.changedBy}</td><td data-label="At">${moment(one.changedAt)}</td>
        </tr>`)}</tbody></table></details>`;
  }

  editor() {
    const { draft } = this;
    return html`<a class="crumb" href=${this.reportId === 'new' ? '#/reports' : `#/reports/${this.reportId}`}>← Leave without saving</a>
      <div class="page-head"><div><h1>${this.reportId === 'new' ? 'New report' : 'Change report'}</h1></div>
        <button class="primary" data-testid="report-save" ?disabled=${this.busy} @click=${this.save}>Save</button></div>
      <div class="stack">
        ${notice(this.fault)}
        <section class="card padded stack">
          <label>Title <input data-testid="report-title" maxlength="200" .value=${draft.title} @input=${(event) => { draft.title = event.target.value; }}></label>
          <label>Text <textarea data-testid="report-markdown" rows="12" maxlength="100000" placeholder="Markdown" .value=${draft.text}
            @input=${(event) => { draft.text = event.target.value; this.requestUpdate(); }}></textarea></label>
          ${draft.text.trim() ? html`<details open><summary>Preview</summary><markdown-text .text=${draft.text}></markdown-text></details>` : nothing}
        </section>
        ${repeat(draft.panels, (one) => one.key, (one, at) => this.panelEditor(one, at))}
        <section class="card padded row" aria-label="Add a panel">Add
          ${Object.entries(KINDS).map(([kind, name]) => html`<button class="small" data-testid="add-${kind}" @click=${() => this.add(kind)}>${name}</button>`)}</section>
      </div>`;
  }

  panelEditor(one, at) {
    return html`<section class="card" data-testid="panel-editor">
      <div class="card-head"><h2>${KINDS[one.panel.kind] ?? one.panel.kind}</h2><span class="push row">
        <button class="small quiet" ?disabled=${at === 0} @click=${() => this.move(at, -1)}>Up</button>
        <button class="small quiet" ?disabled=${at === this.draft.panels.length - 1} @click=${() => this.move(at, 1)}>Down</button>
        <button class="small quiet danger" @click=${() => this.drop(at)}>Remove</button></span></div>
      <panel-form .panel=${one.panel} .runs=${this.choices.runs} .views=${this.choices.views} .models=${this.choices.models}
        @change-panel=${(event) => { one.panel = event.detail; this.requestUpdate(); }}></panel-form>
    </section>`;
  }

  add(kind) {
    this.draft.panels.push({ key: this.nextKey, panel: FRESH[kind]() });
    this.nextKey += 1;
    this.requestUpdate();
  }

  move(at, by) {
    const { panels } = this.draft;
    [panels[at], panels[at + by]] = [panels[at + by], panels[at]];
    this.requestUpdate();
  }

  drop(at) {
    this.draft.panels.splice(at, 1);
    this.requestUpdate();
  }

  save() {
    const { title, text, panels } = this.draft;
    const content = { title, text, panels: panels.map((one) => one.panel) };
    this.attempt(async () => {
      const saved = this.reportId === 'new'
        ? await api.createReport(content)
        : await api.saveReport(this.reportId, { version: this.report.version, ...content });
      location.hash = `#/reports/${saved.id}`;
    });
  }

  restore(newest) {
    this.attempt(async () => {
      await api.restoreReport(this.reportId, this.report.version, newest);
      location.hash = `#/reports/${this.reportId}`;
    });
  }

  async discard() {
    if (await confirmed(`Delete ${this.report.title}?`, 'All its versions go, and links over it show nothing any more.', 'Delete')) {
      await this.attempt(async () => {
        await api.deleteReport(this.reportId);
        location.hash = '#/reports';
      });
    }
  }
}

customElements.define('report-page', ReportPage);
