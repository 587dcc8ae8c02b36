import { html, nothing } from 'lit';
import { api } from '../api.js';
import { moment, since } from '../format.js';
import { Page } from '../parts/page.js';
import { confirmed, empty, loading, notice } from '../parts/parts.js';

/** The caller's own API tokens. */
class TokensPage extends Page {
  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 15000);
  }

  async load() {
    this.tokens = await api.tokens();
  }

  render() {
    return html`<div class="page-head"><div><h1>API tokens</h1><p>For scripts, MLflow and OpenAI clients; each acts as you.</p></div></div>
      <div class="stack">
        ${notice(this.fault)}
        ${this.created ? html`<div class="notice good" role="status"><div><strong>Copy this token now; it is not shown again.</strong>
          <p class="mono wrap" data-testid="new-token">${this.created}</p></div>
          <button class="small" @click=${this.copy}>${this.copied ? 'Copied' : 'Copy'}</button></div>` : nothing}
        <section class="card padded"><form class="row end" @submit=${this.create}>
          <label>Name <input name="name" required maxlength="100" placeholder="nightly job" autocomplete="off"></label>
          <label>Role <select name="role"><option value="">my own</option><option value="viewer">viewer</option>
            <option value="member">member</option><option value="maintainer">maintainer</option></select></label>
          <label>Ends after <select name="days"><option value="30">30 days</option><option value="90">90 days</option>
            <option value="365">a year</option><option value="">never</option></select></label>
          <button class="primary" ?disabled=${this.busy}>Create token</button>
        </form></section>
        ${this.list()}
      </div>`;
  }

  list() {
    if (!this.tokens) {
      return this.fault ? nothing : loading;
    }
    if (!this.tokens.length) {
      return html`<section class="card">${empty('No tokens', 'Create one above for a script or a client.')}</section>`;
    }
    return html`<section class="card table-scroll"><table class="cards">
      <thead><tr><th>Name</th><th>Token</th><th>Role</th><th>Created</th><th>Last used</th><th>Ends</th><th></th></tr></thead>
      <tbody>${this.tokens.map((token) => html`<tr data-testid="token-row">
        <td class="wide"><strong class="wrap">${token.name}</strong></td>
        <td data-label="Token" class="mono">${token.hint}…</td>
        <td data-label="Role">${token.role}</td>
        <td data-label="Created">${since(token.createdAt)}</td>
        <td data-label="Last used">${token.lastUsedAt ? since(token.lastUsedAt) : 'never'}</td>
        <td data-label="Ends">${token.expiresAt ? moment(token.expiresAt) : 'never'}</td>
        <td class="wide"><div class="actions"><button class="small danger" @click=${() => this.revoke(token)}>Revoke</button></div></td>
      </tr>`)}</tbody></table></section>`;
  }

  create(event) {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    const days = Number(data.get('days'));
    this.attempt(async () => {
      const answer = await api.createToken({
        name: data.get('name'),
        ...(data.get('role') ? { role: data.get('role') } : {}),
        ...(days ? { expiresAt: new Date(Date.now() + days * 86400000).toISOString() } : {}),
      });
      this.created = answer.token;
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

  async revoke(token) {
    if (await confirmed(`Revoke ${token.name}?`, 'Whatever uses this token stops working within a minute.', 'Revoke')) {
      await this.attempt(async () => {
        await api.revokeToken(token.id);
        await this.load();
      });
    }
  }
}

customElements.define('tokens-page', TokensPage);
