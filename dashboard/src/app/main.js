import { html, LitElement, nothing } from 'lit';
import { api, session } from './api.js';
import { icons } from './parts/icons.js';
import { notice } from './parts/parts.js';
import './pages/runs.js';
import './pages/run.js';
import './pages/compare.js';
import './pages/reports.js';
import './pages/report.js';
import './pages/models.js';
import './pages/deployments.js';
import './pages/playground.js';
import './pages/alerts.js';
import './pages/shares.js';
import './pages/shared.js';
import './pages/tokens.js';

const PAGES = [
  { id: 'runs', title: 'Runs', icon: icons.runs },
  { id: 'reports', title: 'Reports', icon: icons.reports },
  { id: 'models', title: 'Models', icon: icons.models },
  { id: 'deployments', title: 'Deployments', icon: icons.deployments },
  { id: 'playground', title: 'Playground', icon: icons.playground },
  { id: 'alerts', title: 'Alerts', icon: icons.alerts },
  { id: 'shares', title: 'Shares', icon: icons.shares },
  { id: 'tokens', title: 'Tokens', icon: icons.tokens },
];

/** What of the navigation a page belongs to. */
const pageOf = (page) => ({ views: 'runs', compare: 'runs' })[page] ?? page;

/** One template, so that choosing a view keeps the page. */
const runsPage = (viewId) => html`<runs-page .viewId=${viewId}></runs-page>`;

/** The frame: signs in, knows the page by the address's fragment, keeps the theme. */
class UnmaskApp extends LitElement {
  static properties = { who: { state: true }, route: { state: true }, fault: { state: true }, busy: { state: true } };

  constructor() {
    super();
    /** undefined: not asked yet */
    this.who = undefined;
    this.route = [];
    this.busy = false;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('hashchange', () => this.readRoute());
    session.addEventListener('ended', () => {
      this.who = { signedIn: false };
    });
    this.readRoute();
    this.ask();
  }

  async ask() {
    try {
      this.who = await api.session();
      this.fault = undefined;
    } catch (error) {
      this.fault = error;
      this.who = { signedIn: false };
    }
  }

  readRoute() {
    const path = location.hash.replace(/^#\/?/, '') || 'runs';
    this.route = path.split('/').map(decodeURIComponent);
    const page = PAGES.find((known) => known.id === pageOf(this.route[0]));
    document.title = page ? `${page.title} · Unmask` : 'Unmask';
    window.scrollTo(0, 0);
  }

  async signIn(event) {
    event.preventDefault();
    const token = new FormData(event.target).get('token').trim();
    this.busy = true;
    try {
      this.who = await api.signIn(token);
      this.fault = undefined;
    } catch (error) {
      this.fault = error;
      if (error.status === 401) {
        error.remedy = 'Copy the whole token, it starts with umk_. A revoked or expired one does not work any more.';
      }
    } finally {
      this.busy = false;
    }
  }

  async signOut() {
    try {
      await api.signOut();
    } finally {
      this.who = { signedIn: false };
    }
  }

  toggleTheme() {
    const root = document.documentElement;
    const dark = root.dataset.theme
      ? root.dataset.theme === 'dark'
      : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    localStorage.setItem('unmask.theme', root.dataset.theme);
    window.dispatchEvent(new Event('unmask-theme'));
  }

  render() {
    if (this.who === undefined) {
      return nothing;
    }
    return this.who.signedIn ? this.shell() : this.signInPage();
  }

  signInPage() {
    return html`<main class="signin">
      <div class="card padded signin-card">
        <span class="brand"><img src="/app/favicon.svg" alt="">Unmask</span>
        <h2>Sign in</h2>
        <p class="soft">Train, register and serve diffusion language models.</p>
        <form @submit=${this.signIn}>
          ${notice(this.fault)}
          <label>API token
            <input data-testid="signin-token" name="token" type="password" required autocomplete="current-password"
              spellcheck="false" placeholder="umk_…" autofocus>
          </label>
          <button class="primary" data-testid="signin-submit" ?disabled=${this.busy}>${this.busy ? 'Signing in…' : 'Sign in'}</button>
          <p class="hint">On your own machine, <code>./unmask up</code> prints the file that holds your token.
            In a team, ask an administrator for one.</p>
        </form>
      </div>
    </main>`;
  }

  shell() {
    const [page] = this.route;
    return html`<a class="skip" href="#content" @click=${this.skip}>Skip to content</a>
      <div class="shell">
        <header class="side">
          <a class="brand" href="#/runs"><img src="/app/favicon.svg" alt="">Unmask</a>
          ${this.who.role === 'shared' ? nothing : this.navigation(page)}
          <div class="account">
            ${this.account()}
            <div class="account-actions">
              <button class="small" data-testid="theme-toggle" @click=${this.toggleTheme} title="Light or dark">Theme</button>
              <button class="small" data-testid="signout" @click=${this.signOut}>Sign out</button>
            </div>
          </div>
        </header>
        <main class="page" id="content" tabindex="-1">${this.page()}</main>
      </div>`;
  }

  /** The holder of a link signs in under the link's name; which team it is from is not told. */
  account() {
    const { name, team, role } = this.who;
    return html`<div class="who"><strong>${name ?? 'Signed in'}</strong>
      <span>${role === 'shared' ? 'share link, read only' : [team, role].filter(Boolean).join(' · ')}</span></div>`;
  }

  navigation(page) {
    return html`<nav class="nav" aria-label="Pages">
      ${PAGES.map(
        (known) => html`<a href="#/${known.id}" data-testid="nav-${known.id}"
          aria-current=${known.id === pageOf(page) ? 'page' : 'false'}>${known.icon}<span>${known.title}</span></a>`,
      )}
    </nav>`;
  }

  skip(event) {
    event.preventDefault();
    document.getElementById('content').focus();
  }

  page() {
    if (this.who.role === 'shared') {
      return html`<shared-page></shared-page>`;
    }
    const [page, ...rest] = this.route;
    switch (page) {
      case 'runs':
        return rest[0] ? html`<run-page .runId=${rest[0]}></run-page>` : runsPage('');
      case 'views':
        return runsPage(rest[0] ?? '');
      case 'compare':
        return html`<compare-page .ids=${rest[0] ?? ''}></compare-page>`;
      case 'reports':
        return rest[0]
          ? html`<report-page .reportId=${rest[0]} .mode=${rest[1] ?? ''} .version=${rest[2] ?? ''}></report-page>`
          : html`<reports-page></reports-page>`;
      case 'models':
        return html`<models-page .selected=${rest[0] ?? ''}></models-page>`;
      case 'deployments':
        return html`<deployments-page></deployments-page>`;
      case 'playground':
        return html`<playground-page .preferred=${rest[0] ?? ''}></playground-page>`;
      case 'alerts':
        return html`<alerts-page></alerts-page>`;
      case 'shares':
        return html`<shares-page .report=${rest[0] === 'report' ? rest[1] ?? '' : ''}></shares-page>`;
      case 'tokens':
        return html`<tokens-page></tokens-page>`;
      default:
        return html`<div class="card empty"><h2>There is no such page</h2><p>Pick one from the navigation.</p>
          <div class="row"><a class="button primary" href="#/runs">Go to the runs</a></div></div>`;
    }
  }
}

customElements.define('unmask-app', UnmaskApp);
