import { html, nothing } from 'lit';
import { api } from '../api.js';
import { shortDigest, since } from '../format.js';
import { Page } from '../parts/page.js';
import { badge, confirmed, empty, loading, notice } from '../parts/parts.js';

const SETTINGS = [
  ['blockSize', 'block size'], ['threshold', 'threshold'], ['tokensPerStep', 'tokens per step'], ['factor', 'factor'],
  ['cache', 'cache'], ['temperature', 'temperature'], ['topP', 'top p'], ['maxTokens', 'max tokens'],
];

/** What is served, from which version, with which defaults. */
class DeploymentsPage extends Page {
  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 3000);
  }

  async load() {
    this.deployments = await api.deployments();
    return this.deployments.some((d) => d.status === 'LOADING') ? 1000 : 5000;
  }

  render() {
    return html`<div class="page-head"><div><h1>Deployments</h1><p>Model versions that answer requests.</p></div>
        <a class="button small" href="#/models">Deploy a model</a></div>
      <div class="stack">${notice(this.fault)} ${this.list()}</div>`;
  }

  list() {
    if (!this.deployments) {
      return this.fault ? nothing : loading;
    }
    if (!this.deployments.length) {
      return html`<section class="card">${empty(
        'Nothing is deployed',
        'Pick a version of a registered model and press Deploy; it is served over the OpenAI protocol within seconds.',
        html`<a class="button primary" href="#/models">Choose a model</a>`,
      )}</section>`;
    }
    return html`<section class="card table-scroll"><table class="cards">
      <thead><tr><th>Deployment</th><th>Status</th><th>Version</th><th>Defaults</th><th>Created</th><th></th></tr></thead>
      <tbody>${this.deployments.map((deployment) => this.row(deployment))}</tbody></table></section>`;
  }

  row(d) {
    const settings = SETTINGS.filter(([key]) => d.decoding?.[key] !== undefined && d.decoding[key] !== null)
      .map(([key, label]) => `${label} ${d.decoding[key]}`);
    return html`<tr data-testid="deployment-row">
      <td class="wide"><strong class="wrap">${d.name}</strong>${d.detail ? html`<br><span class="faint small-text wrap">${d.detail}</span>` : nothing}</td>
      <td data-label="Status">${badge(d.status)}</td>
      <td data-label="Version"><a href="#/models/${d.modelName}">${d.modelName} ${d.version}</a><br><span class="digest" title=${d.digest}>${shortDigest(d.digest)}</span></td>
      <td data-label="Defaults" class="small-text">${settings.join(', ') || 'of the model'}</td>
      <td data-label="Created">${since(d.createdAt)}</td>
      <td class="wide"><div class="actions">
        <button class="small danger" ?disabled=${this.busy} @click=${() => this.undeploy(d)}>Delete</button>
        ${d.status === 'READY' ? html`<a class="button small primary" href="#/playground/${d.modelName}">Try it</a>` : nothing}
      </div></td></tr>`;
  }

  async undeploy(d) {
    if (await confirmed(`Delete ${d.name}?`, 'Requests that it is answering end now. The model version stays in the registry.', 'Delete')) {
      await this.attempt(async () => {
        await api.undeploy(d.id);
        await this.load();
      });
    }
  }
}

customElements.define('deployments-page', DeploymentsPage);
