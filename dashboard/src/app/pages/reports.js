import { html, nothing } from 'lit';
import { api, may } from '../api.js';
import { since } from '../format.js';
import { Page } from '../parts/page.js';
import { empty, loading, notice } from '../parts/parts.js';

/** All reports of the team, newest first. */
class ReportsPage extends Page {
  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 15000);
  }

  async load() {
    this.reports = await api.reports();
  }

  render() {
    const make = may('member')
      ? html`<a class="button primary" data-testid="report-new" href="#/reports/new">New report</a>` : nothing;
    return html`<div class="page-head"><div><h1>Reports</h1><p>Texts with curves and tables that show what is known now.</p></div>${make}</div>
      <div class="stack">${notice(this.fault)} ${this.list()}</div>`;
  }

  list() {
    if (!this.reports) {
      return this.fault ? nothing : loading;
    }
    if (!this.reports.length) {
      return html`<section class="card">${empty(
        'No reports yet',
        'Write down what a group of runs has shown, with their curves beside it. Every change is kept as a version.',
      )}</section>`;
    }
    return html`<section class="card table-scroll"><table class="cards">
      <thead><tr><th>Report</th><th>Author</th><th>Changed</th><th>Version</th></tr></thead>
      <tbody>${this.reports.map((report) => html`<tr data-testid="report-row">
        <td class="wide"><a class="name wrap" href="#/reports/${report.id}">${report.title}</a></td>
        <td data-label="Author">${report.author}</td>
        <td data-label="Changed">${since(report.changedAt)}${report.changedBy === report.author ? nothing : html` by ${report.changedBy}`}</td>
        <td data-label="Version">${report.version}</td>
      </tr>`)}</tbody></table></section>`;
  }
}

customElements.define('reports-page', ReportsPage);
