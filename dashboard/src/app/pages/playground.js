import { html, nothing } from 'lit';
import { api } from '../api.js';
import { Denoising, SHADES } from '../denoising.js';
import { number, whole } from '../format.js';
import { icons } from '../parts/icons.js';
import { Page } from '../parts/page.js';
import { empty, notice } from '../parts/parts.js';

const SAMPLE = '/**\n * Returns the';

/** Streams a completion and shows how it is unmasked, step by step, live and again. */
class PlaygroundPage extends Page {
  static properties = { preferred: {} };

  constructor() {
    super();
    this.preferred = '';
    this.models = undefined;
    this.infill = false;
    this.policy = 'threshold';
    this.colourBy = 'step';
    this.denoising = undefined;
    /** step shown; undefined follows the stream */
    this.shown = undefined;
    this.pace = 80;
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 10000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.running?.abort();
    clearInterval(this.replay);
  }

  async load() {
    this.models = await api.servedModels();
    return this.models.length ? 10000 : 2000;
  }

  render() {
    return html`<div class="page-head"><div><h1>Playground</h1><p>Watch a diffusion model unmask its answer, step by step.</p></div></div>
      <div class="stack">${notice(this.fault)}
        ${this.models && !this.models.length && !this.denoising ? this.nothingServed() : nothing}
        <div class="playground">${this.controls()} ${this.result()}</div>
      </div>`;
  }

  nothingServed() {
    return html`<section class="card">${empty(
      'No model is ready',
      'Deploy a registered version first; this page notices when it is loaded.',
      html`<a class="button primary" href="#/models">Choose a model</a>`,
    )}</section>`;
  }

  controls() {
    const usable = this.models?.length;
    return html`<section class="card padded" aria-label="Request"><form @submit=${this.start}>
      <label>Model
        <select name="model" data-testid="playground-model" required ?disabled=${!usable}>
          ${usable
            ? this.models.map((model) => html`<option value=${model.id} ?selected=${model.id === this.preferred}>${model.id}</option>`)
            : html`<option value="">none is ready</option>`}
        </select></label>
      <label>Prompt
        <textarea name="prompt" data-testid="playground-prompt" rows="5" required spellcheck="false" .defaultValue=${SAMPLE}></textarea></label>
      <label class="row"><input type="checkbox" name="infill" .checked=${this.infill}
        @change=${(event) => this.set({ infill: event.target.checked })}> Fill in before a suffix</label>
      ${this.infill ? html`<label>Suffix
        <textarea name="suffix" data-testid="playground-suffix" rows="3" spellcheck="false" .defaultValue=${'\n  }\n}'}></textarea></label>` : nothing}
      <div class="knobs">
        <label>Tokens <input name="tokens" type="number" min="1" max="4096" value="96" required></label>
        <label>Temperature <input name="temperature" type="number" min="0" max="2" step="0.05" value="0.8" required></label>
      </div>
      <fieldset><legend>Unmask at each step</legend>
        <div class="segmented">
          ${[['threshold', 'confident ones'], ['fixed', 'a fixed number']].map(
            ([value, label]) => html`<label><input type="radio" name="policy" value=${value} .checked=${this.policy === value}
              @change=${() => this.set({ policy: value })}>${label}</label>`,
          )}
        </div></fieldset>
      <div class="knobs">
        ${this.policy === 'threshold'
          ? html`<label>Threshold <input name="threshold" type="number" min="0.01" max="1" step="0.01" value="0.9" required></label>`
          : html`<label>Tokens per step <input name="perStep" type="number" min="1" max="256" value="2" required></label>`}
        <label>Seed <input name="seed" type="number" min="0" step="1" value="1" required></label>
      </div>
      ${this.running
        ? html`<button type="button" class="danger" data-testid="playground-stop" @click=${this.stop}>Stop</button>`
        : html`<button class="primary" data-testid="playground-start" ?disabled=${!usable}>Start</button>`}
    </form></section>`;
  }

  set(change) {
    Object.assign(this, change);
    this.requestUpdate();
  }

  request(form) {
    const data = new FormData(form);
    const count = (name) => Number(data.get(name));
    return {
      model: data.get('model'),
      prompt: data.get('prompt'),
      ...(this.infill ? { suffix: data.get('suffix') } : {}),
      max_tokens: count('tokens'),
      temperature: count('temperature'),
      seed: count('seed'),
      stream: true,
      stream_options: { include_usage: true, include_denoising: true },
      diffusion: this.policy === 'threshold' ? { threshold: count('threshold') } : { tokens_per_step: count('perStep') },
    };
  }

  async start(event) {
    event.preventDefault();
    const body = this.request(event.target);
    const denoising = new Denoising();
    clearInterval(this.replay);
    this.replay = undefined;
    this.set({ denoising, shown: undefined, asked: body, fault: undefined, running: new AbortController() });
    const began = performance.now();
    try {
      await api.complete(body, this.running.signal, (chunk) => {
        denoising.add(chunk);
        this.seconds = (performance.now() - began) / 1000;
        this.requestUpdate();
      });
    } catch (error) {
      if (error.name !== 'AbortError') {
        this.fault = error;
      }
    } finally {
      this.set({ running: undefined });
    }
  }

  stop() {
    this.running?.abort();
  }

  result() {
    const d = this.denoising;
    if (!d) {
      return html`<section class="card" data-testid="playground-output">${empty(
        'Nothing generated yet',
        'Write how the text begins and press Start. Masked positions appear as dashed cells and turn into tokens as the model becomes sure of them.',
      )}</section>`;
    }
    const last = d.steps.length - 1;
    const step = this.shown ?? last;
    const line = d.after(step);
    return html`<section class="card" aria-label="Answer">
      <div class="card-head"><h2>Answer</h2>
        ${this.running ? html`<span class="badge busy">Denoising</span>` : html`<span class="badge good">Done</span>`}
        <span class="push scale">${this.colourBy === 'step' ? 'first step' : 'unsure'}
          <span class="swatches" aria-hidden="true">${Array.from({ length: SHADES }, (_, i) => html`<i class="walk-${i}"></i>`)}</span>
          ${this.colourBy === 'step' ? 'last step' : 'sure'}</span>
        <label class="small-text">Colour by
          <select aria-label="Colour by" @change=${(event) => this.set({ colourBy: event.target.value })}>
            <option value="step">step</option><option value="confidence">confidence</option></select></label>
      </div>
      <div class="canvas" data-testid="playground-output" aria-live="off"><span class="given">${this.asked.prompt}</span>${
        line.length ? line.map((token) => this.cell(token, step)) : d.text}${
        this.asked.suffix ? html`<span class="given">${this.asked.suffix}</span>` : nothing}</div>
      ${d.steps.length ? this.replayer(d, step, last) : nothing}
      ${this.figures(d)}
    </section>`;
  }

  cell(token, step) {
    if (!token) {
      return html`<span class="mask" title="masked"></span>`;
    }
    const sure = token.probability === undefined ? '' : `, confidence ${number(token.probability, 2)}`;
    return html`<span data-testid="denoise-token" class="token walk-${this.denoising.shade(token, this.colourBy)} ${token.step === step && this.running ? 'fresh' : ''}"
      title="step ${token.step + 1}${sure}">${token.text}</span>`;
  }

  replayer(d, step, last) {
    const most = Math.max(...d.steps.map((s) => s.count), 1);
    return html`<div class="replay">
      <div class="timeline" role="group" aria-label="Denoising steps; height is tokens unmasked">
        ${d.steps.map((s) => html`<button type="button" data-testid="denoise-step" tabindex="-1"
          class=${s.number === step ? 'current' : s.number < step ? 'past' : ''}
          aria-label="Step ${s.number + 1}: ${s.count} tokens" title="Step ${s.number + 1}: ${s.count} tokens, ${s.maskedLeft} masked left"
          @click=${() => this.seek(s.number)}>${bar(s.count / most)}</button>`)}
      </div>
      <div class="replay-controls">
        <button type="button" class="small" @click=${this.toggleReplay} ?disabled=${Boolean(this.running)}>${this.replay ? icons.pause : icons.play}
          ${this.replay ? 'Pause' : 'Replay'}</button>
        <input type="range" min="0" max=${last} .value=${String(step)} aria-label="Denoising step"
          @input=${(event) => this.seek(Number(event.target.value))}>
        <span class="speed small-text soft">Step ${step + 1} of ${last + 1}</span>
      </div>
    </div>`;
  }

  seek(step) {
    clearInterval(this.replay);
    this.set({ replay: undefined, shown: step });
  }

  toggleReplay() {
    if (this.replay) {
      clearInterval(this.replay);
      this.set({ replay: undefined });
      return;
    }
    const last = this.denoising.steps.length - 1;
    this.shown = this.shown === undefined || this.shown >= last ? 0 : this.shown;
    this.replay = setInterval(() => {
      if (this.shown >= last) {
        clearInterval(this.replay);
        this.set({ replay: undefined });
      } else {
        this.set({ shown: this.shown + 1 });
      }
    }, this.pace);
    this.requestUpdate();
  }

  figures(d) {
    const usage = d.usage ?? {};
    const diffusion = usage.diffusion ?? {};
    const tokens = usage.completion_tokens ?? d.committed.size;
    const nfe = diffusion.nfe ?? d.steps.at(-1)?.nfe;
    const perForward = diffusion.tokens_per_forward ?? (nfe ? tokens / nfe : undefined);
    return html`<dl class="facts">
      <div class="fact"><dt>Tokens</dt><dd>${whole(tokens)}</dd></div>
      <div class="fact"><dt title="number of function evaluations">Forward passes</dt><dd>${whole(nfe)}</dd></div>
      <div class="fact"><dt>Tokens per forward</dt><dd>${number(perForward, 2)}</dd></div>
      <div class="fact"><dt>Speed</dt><dd>${this.seconds ? number(tokens / this.seconds, 1) : '–'} <small>tokens/s</small></dd></div>
      <div class="fact"><dt>Cache hits</dt><dd>${diffusion.cache_hit_rate === undefined ? '–' : `${number(diffusion.cache_hit_rate * 100, 0)} %`}</dd></div>
    </dl>`;
  }
}

function bar(share) {
  const height = Math.max(4, Math.round(share * 48));
  return html`<svg viewBox="0 0 10 50" preserveAspectRatio="none" aria-hidden="true"><rect x="0" y=${50 - height} width="10" height=${height} rx="1.5"></rect></svg>`;
}

customElements.define('playground-page', PlaygroundPage);
