import { html, nothing } from 'lit';
import { api, may } from '../api.js';
import { since } from '../format.js';
import { Page } from '../parts/page.js';
import { empty, loading, notice } from '../parts/parts.js';

const KINDS = { 'metric-not-finite': 'Not finite', 'run-failed': 'Failed', 'run-stale': 'Silent' };

/** Troubles of runs; somebody of the team says that he looks after one. */
class AlertsPage extends Page {
  constructor() {
    super();
    this.open = true;
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 8000);
  }

  async load() {
    this.alerts = await api.alerts(this.open);
  }

  render() {
    return html`<div class="page-head"><div><h1>Alerts</h1><p>Runs that failed, fell silent or logged what is no number; each is told once.</p></div>
        <label class="row"><input type="checkbox" .checked=${!this.open} @change=${this.toggle}> with acknowledged ones</label></div>
      <div class="stack">${notice(this.fault)} ${this.list()}</div>`;
  }

  list() {
    if (!this.alerts) {
      return this.fault ? nothing : loading;
    }
    if (!this.alerts.length) {
      return html`<section class="card">${empty('No alerts', 'Nothing needs a look.')}</section>`;
    }
    return html`<section class="card table-scroll"><table class="cards">
      <thead><tr><th>Kind</th><th>What</th><th>When</th><th>Looked after</th><th></th></tr></thead>
      <tbody>${this.alerts.map((alert) => html`<tr data-testid="alert-row">
        <td data-label="Kind"><span class="badge ${alert.acknowledgedAt ? '' : 'bad'}">${KINDS[alert.kind] ?? alert.kind}</span></td>
        <td class="wide wrap"><a href="#/runs/${alert.runId}">${alert.message}</a></td>
        <td data-label="When">${since(alert.at)}</td>
        <td data-label="Looked after">${alert.acknowledgedAt ? since(alert.acknowledgedAt) : 'not yet'}</td>
        <td class="wide">${!alert.acknowledgedAt && may('member')
          ? html`<div class="actions"><button class="small" data-testid="alert-acknowledge" ?disabled=${this.busy}
              @click=${() => this.acknowledge(alert)}>Look after it</button></div>` : nothing}</td>
      </tr>`)}</tbody></table></section>`;
  }

  toggle(event) {
    this.open = !event.target.checked;
    this.attempt(() => this.load());
  }

  acknowledge(alert) {
    this.attempt(async () => {
      await api.acknowledge(alert.id);
      await this.load();
    });
  }
}

customElements.define('alerts-page', AlertsPage);
