import { html, nothing } from 'lit';
import { api, may } from '../api.js';
import { moment, since } from '../format.js';
import { Page } from '../parts/page.js';
import { confirmed, empty, loading, notice } from '../parts/parts.js';

/** Links by which somebody without an account reads runs or a report. */
class SharesPage extends Page {
  static properties = { report: {} };

  constructor() {
    super();
    this.report = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 15000);
  }

  async load() {
    const [shares, reports] = await Promise.all([api.shares(), api.reports()]);
    this.shares = shares;
    this.reports = reports;
  }

  render() {
    return html`<div class="page-head"><div><h1>Share links</h1><p>Each reads some runs, or a report with the runs that it names, until it ends.</p></div></div>
      <div class="stack">
        ${notice(this.fault)}
        ${this.created ? html`<div class="notice good" role="status"><div><strong>Copy this secret now; it is not shown again.</strong>
          <p class="mono wrap" data-testid="new-share">${this.created}</p>
          <p>Its holder signs in here with it, in the place of an API token; programs send it as <code>Authorization: Bearer …</code>
            to <code>/api/v1/registry/shared</code>.</p></div>
          <button class="small" @click=${this.copy}>${this.copied ? 'Copied' : 'Copy'}</button></div>` : nothing}
        ${may('maintainer') ? this.form() : nothing}
        ${this.list()}
      </div>`;
  }

  form() {
    return html`<section class="card padded"><form class="row end" @submit=${this.create}>
      <label>Name <input name="name" required maxlength="100" placeholder="for the reviewers" autocomplete="off"></label>
      <label>Report <select name="report" data-testid="share-report"><option value="">runs instead</option>
        ${(this.reports ?? []).map((report) => html`<option value=${report.id} ?selected=${String(report.id) === this.report}>${report.title}</option>`)}
      </select></label>
      <label>Run ids <input name="runs" placeholder="where there is no report" autocomplete="off"></label>
      <label>Ends after <select name="days"><option value="7">a week</option><option value="30" selected>30 days</option>
        <option value="365">a year</option></select></label>
      <label class="row"><input type="checkbox" name="artifacts"> files, too</label>
      <button class="primary" data-testid="share-create" ?disabled=${this.busy}>Create link</button>
    </form>
    <p class="faint small-text">A link over a report follows its changes, but never shows a run that the report did not name when the link was made.</p></section>`;
  }

  list() {
    if (!this.shares) {
      return this.fault ? nothing : loading;
    }
    if (!this.shares.length) {
      return html`<section class="card">${empty('No share links', 'A maintainer makes one for somebody without an account.')}</section>`;
    }
    const titles = new Map((this.reports ?? []).map((report) => [report.id, report.title]));
    return html`<section class="card table-scroll"><table class="cards">
      <thead><tr><th>Name</th><th>Secret</th><th>Shows</th><th>Made by</th><th>Last used</th><th>Ends</th><th></th></tr></thead>
      <tbody>${this.shares.map((share) => html`<tr data-testid="share-row">
        <td class="wide"><strong class="wrap">${share.name}</strong></td>
        <td data-label="Secret" class="mono">${share.hint}…</td>
        <td data-label="Shows">${share.report
          ? html`<a href="#/reports/${share.report}">${titles.get(share.report) ?? 'a report that is gone'}</a>, ` : nothing}
          ${share.runs.length} ${share.runs.length === 1 ? 'run' : 'runs'}${share.artifacts ? ' with files' : ''}</td>
        <td data-label="Made by">${share.createdBy}</td>
        <td data-label="Last used">${share.lastUsedAt ? since(share.lastUsedAt) : 'never'}</td>
        <td data-label="Ends">${moment(share.expiresAt)}</td>
        <td class="wide">${may('maintainer')
          ? html`<div class="actions"><button class="small danger" data-testid="share-revoke" @click=${() => this.revoke(share)}>Revoke</button></div>` : nothing}</td>
      </tr>`)}</tbody></table></section>`;
  }

  create(event) {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    const report = data.get('report');
    const scope = report ? { report: Number(report) } : { runs: data.get('runs').split(/[\s,]+/).filter(Boolean) };
    this.attempt(async () => {
      const answer = await api.createShare({
        name: data.get('name'),
        ...scope,
        artifacts: data.get('artifacts') !== null,
        expiresAt: new Date(Date.now() + Number(data.get('days')) * 86400000).toISOString(),
      });
      this.created = answer.secret;
      this.copied = false;
      form.reset();
      await this.load();
    });
  }

  async copy() {
    await navigator.clipboard.writeText(this.created);
    this.copied = true;
    this.requestUpdate();
  }

  async revoke(share) {
    if (await confirmed(`Revoke ${share.name}?`, 'Whoever holds this link stops reading within a minute.', 'Revoke')) {
      await this.attempt(async () => {
        await api.revokeShare(share.id);
        await this.load();
      });
    }
  }
}

customElements.define('shares-page', SharesPage);
