import { html, nothing } from 'lit';
import { api } from '../api.js';
import { bytes, shortDigest, since } from '../format.js';
import { Page } from '../parts/page.js';
import { empty, loading, notice } from '../parts/parts.js';

/** Registered models: versions, where aliases point, where a version came from. */
class ModelsPage extends Page {
  static properties = { selected: {} };

  constructor() {
    super();
    this.selected = '';
    this.models = undefined;
    this.files = new Map();
    this.done = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 8000);
  }

  async load() {
    this.models = await api.models();
  }

  render() {
    const shown = (this.models ?? []).filter((model) => !this.selected || model.name === this.selected);
    return html`<div class="page-head">
        <div><h1>Models</h1><p>Registered versions never change; aliases say which one is in use.</p></div>
        ${this.selected ? html`<a class="button small" href="#/models">All models</a>` : nothing}
      </div>
      <div class="stack">
        ${notice(this.fault)}
        ${this.done ? html`<div class="notice good" role="status"><div><strong>${this.done}</strong></div>
          <a class="button small" href="#/deployments">Deployments</a></div>` : nothing}
        ${this.models === undefined && !this.fault ? loading : nothing}
        ${this.models && !shown.length
          ? html`<section class="card">${empty(
              'No models yet',
              html`A training job registers one when it is done: <code>./unmask demo</code> shows how. Its first version appears here.`,
              html`<a class="button primary" href="#/runs">See the runs</a>`,
            )}</section>`
          : shown.map((model) => this.model(model))}
      </div>
      ${this.aliasDialog()}`;
  }

  model(model) {
    return html`<section class="card" data-testid="model-card">
      <div class="card-head"><h2 class="wrap">${model.name}</h2>
        ${Object.entries(model.aliases ?? {}).map(([alias, version]) => html`<span class="chip alias">@${alias} → ${version}</span>`)}
        <span class="push faint small-text">updated ${since(model.updatedAt)}</span></div>
      ${model.description ? html`<p class="card-head soft">${model.description}</p>` : nothing}
      <table class="cards">
        <thead><tr><th>Version</th><th>Aliases</th><th>Digest</th><th>Created</th><th>Run</th><th></th></tr></thead>
        <tbody>${(model.versions ?? []).map((version) => this.version(model, version))}</tbody>
      </table>
    </section>`;
  }

  version(model, version) {
    const key = `${model.name}/${version.version}`;
    const files = this.files.get(key);
    return html`<tr data-testid="version-row">
        <td class="wide"><strong>Version ${version.version}</strong></td>
        <td data-label="Aliases"><span class="row">${(version.aliases ?? []).map((alias) => html`<span class="chip alias">@${alias}</span>`)}${version.aliases?.length ? nothing : html`<span class="faint">none</span>`}</span></td>
        <td data-label="Digest"><span class="digest" title=${version.digest}>${shortDigest(version.digest)}</span></td>
        <td data-label="Created">${since(version.createdAt)}</td>
        <td data-label="Run">${version.runId ? html`<a href="#/runs/${version.runId}">${version.runId.slice(0, 8)}</a>` : html`<span class="faint">none</span>`}</td>
        <td class="wide"><div class="actions">
          <button class="small quiet" aria-expanded=${Boolean(files)} @click=${() => this.toggleFiles(key, model, version)}>Files</button>
          <button class="small" @click=${() => this.askAlias(model, version)}>Set alias</button>
          <button class="small primary" ?disabled=${this.busy} @click=${() => this.deploy(model, version)}>Deploy</button>
        </div></td>
      </tr>
      ${files ? html`<tr><td colspan="6" class="wide unlabelled">
        <table class="files"><tbody>${files.map((file) => html`<tr><td class="mono wrap">${file.path}</td><td>${bytes(file.size)}</td>
          <td class="digest" title=${file.sha256}>${shortDigest(file.sha256)}</td></tr>`)}</tbody></table></td></tr>` : nothing}`;
  }

  toggleFiles(key, model, version) {
    if (this.files.delete(key)) {
      this.requestUpdate();
      return;
    }
    this.attempt(async () => {
      const full = version.files?.length ? version : await api.version(model.name, version.version);
      this.files.set(key, full.files ?? []);
    });
  }

  deploy(model, version) {
    this.attempt(async () => {
      const taken = new Set((await api.deployments()).map((deployment) => deployment.name));
      let name = `${model.name}-${version.version}`;
      for (let i = 2; taken.has(name); i += 1) {
        name = `${model.name}-${version.version}-${i}`;
      }
      await api.deploy(name, `models:/${model.name}/${version.version}`);
      this.done = `${name} is being loaded.`;
    });
  }

  askAlias(model, version) {
    this.target = { model, version };
    this.requestUpdate();
    this.updateComplete.then(() => this.querySelector('#alias-dialog').showModal());
  }

  aliasDialog() {
    const { model, version } = this.target ?? {};
    return html`<dialog id="alias-dialog" aria-labelledby="alias-title">
      <form method="dialog" @submit=${this.saveAlias}>
        <h2 id="alias-title">Point an alias at ${model?.name} ${version?.version}</h2>
        <label>Alias
          <input name="alias" required maxlength="255" pattern="[A-Za-z0-9_\\-]+" value="champion" autocomplete="off">
        </label>
        <p class="soft small-text">An alias that stands elsewhere moves here. Deployments that run stay on the version they were started with.</p>
        <div class="actions"><button type="button" @click=${(event) => event.target.closest('dialog').close()}>Cancel</button>
          <button class="primary">Set alias</button></div>
      </form></dialog>`;
  }

  saveAlias(event) {
    const alias = new FormData(event.target).get('alias');
    const { model, version } = this.target;
    this.attempt(async () => {
      await api.setAlias(model.name, alias, version.version);
      await this.load();
    });
  }
}

customElements.define('models-page', ModelsPage);
