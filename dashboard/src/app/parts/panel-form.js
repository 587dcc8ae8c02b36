import { html, LitElement, nothing } from 'lit';

/** A new panel of each kind, to be filled in. */
export const FRESH = {
  curves: () => ({ kind: 'curves', runs: [], metrics: ['train/loss'] }),
  runs: () => ({ kind: 'runs', search: {} }),
  differences: () => ({ kind: 'differences', runs: [] }),
  'model-card': () => ({ kind: 'model-card', model: '', version: '@champion' }),
};

const words = (text) => text.split(',').map((word) => word.trim()).filter(Boolean);

/**
 * The fields of one panel. Tells of each change with an event `change-panel`, whose detail is the
 * panel as it is then.
 */
class PanelForm extends LitElement {
  static properties = { panel: { attribute: false }, runs: { attribute: false }, views: { attribute: false }, models: { attribute: false } };

  constructor() {
    super();
    /** Runs to choose from, as `{id, name}`. */
    this.runs = [];
    this.views = [];
    this.models = [];
  }

  createRenderRoot() {
    return this;
  }

  change(part) {
    const panel = { ...this.panel, ...part };
    Object.keys(panel).forEach((key) => panel[key] === undefined && delete panel[key]);
    this.dispatchEvent(new CustomEvent('change-panel', { detail: panel }));
  }

  render() {
    return html`<div class="panel-form">
      ${this.text('Title', this.panel.title ?? '', (title) => this.change({ title: title || undefined }))}
      ${this.fields()}
    </div>`;
  }

  fields() {
    const { panel } = this;
    switch (panel.kind) {
      case 'curves':
        return html`${this.chooseRuns()}
          ${this.text('Metrics, with commas between', panel.metrics.join(', '), (text) => this.change({ metrics: words(text) }))}
          <label>Over <select @change=${(event) => this.change({ x: event.target.value })}>
            ${[['step', 'steps'], ['relative', 'time since the start'], ['time', 'time of day']].map(
              ([x, name]) => html`<option value=${x} ?selected=${x === (panel.x ?? 'step')}>${name}</option>`)}</select></label>`;
      case 'differences':
        return this.chooseRuns();
      case 'runs':
        return this.search(panel.search);
      case 'model-card':
        return html`<label>Model <select @change=${(event) => this.change({ model: event.target.value })}>
            <option value="">choose one</option>
            ${this.models.map(({ name }) => html`<option ?selected=${name === panel.model}>${name}</option>`)}</select></label>
          ${this.text('Version or @alias', panel.version, (version) => this.change({ version }))}`;
      default:
        return nothing;
    }
  }

  /** Runs that the list does not hold, because it holds the newest only, stay chosen. */
  chooseRuns() {
    const chosen = new Set(this.panel.runs);
    const listed = new Set(this.runs.map((run) => run.id));
    const others = this.panel.runs.filter((id) => !listed.has(id)).map((id) => ({ id, name: id.slice(0, 12) }));
    return html`<fieldset class="choose-runs"><legend>Runs (${chosen.size})</legend>
      ${[...others, ...this.runs].map((run) => html`<label class="row"><input type="checkbox" data-testid="panel-run" .checked=${chosen.has(run.id)}
        @change=${(event) => this.choose(run.id, event.target.checked)}> <span class="clip">${run.name}</span></label>`)}</fieldset>`;
  }

  choose(id, chosen) {
    const rest = this.panel.runs.filter((other) => other !== id);
    this.change({ runs: chosen ? [...rest, id] : rest });
  }

  search(search) {
    const set = (part) => this.change({ search: { ...search, ...part } });
    return html`${this.views.length
      ? html`<label>As in the view <select @change=${(event) => this.useView(event.target.value)}>
          <option value="">none</option>${this.views.map((view) => html`<option value=${view.id}>${view.name}</option>`)}</select></label>` : nothing}
      ${this.text('Filter', search.filter ?? '', (filter) => set({ filter: filter || undefined }), "metrics.loss < 2 AND params.lr = '0.1'")}
      ${this.text('Order, with commas between', (search.order ?? []).join(', '), (order) => set({ order: order ? words(order) : undefined }), 'metrics.loss ASC')}
      ${this.text('Columns, with commas between', (search.fields ?? []).join(', '), (fields) => set({ fields: fields ? words(fields) : undefined }), 'metrics.loss, params.lr')}`;
  }

  useView(id) {
    const view = this.views.find((one) => String(one.id) === id);
    if (view) {
      this.change({ search: view.search });
    }
  }

  text(name, value, changed, example = '') {
    return html`<label>${name} <input .value=${value} placeholder=${example} autocomplete="off" spellcheck="false"
      @change=${(event) => changed(event.target.value.trim())}></label>`;
  }
}

customElements.define('panel-form', PanelForm);
