import { html, nothing } from 'lit';
import { api } from '../api.js';
import { duration, number, since, whole } from '../format.js';
import '../parts/comments.js';
import { chartPoints, unshown } from '../parts/chart.js';
import { Page } from '../parts/page.js';
import { badge, loading, notice } from '../parts/parts.js';
import { LOSS_BY_MASK_RATIO, maskRatioCard, samplesCard } from '../parts/written.js';
import { latest } from './runs.js';

const CURVES = [
  'train/loss', 'validation/nats_per_token', 'train/tokens_per_second', 'train/learning_rate', 'train/gradient_norm',
];
/** About as many as a chart has pixels to show them. */
const CHART_POINTS = 600;
/** Columns of the map of losses by mask ratio. */
const MAP_STEPS = 60;
const LIVE = new Set(['RUNNING', 'SCHEDULED']);

/** One run: its curves, live while it trains, and everything that was logged about it. */
class RunPage extends Page {
  static properties = { runId: {} };

  constructor() {
    super();
    this.run = undefined;
    this.job = undefined;
    this.curves = {};
    this.versions = [];
    this.samples = [];
    this.step = undefined;
    this.byMaskRatio = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 2000);
  }

  async load() {
    this.run = await api.run(this.runId);
    const keys = CURVES.filter((key) => key in latest(this.run));
    const series = keys.length ? await api.series([this.runId], keys, CHART_POINTS) : [];
    this.curves = Object.fromEntries(series.map((curve) => [curve.key, curve]));
    await this.loadSamples();
    this.byMaskRatio = await api.histograms(this.runId, LOSS_BY_MASK_RATIO, MAP_STEPS).catch(() => undefined);
    const jobs = await api.jobs().catch(() => []);
    this.job = jobs.find((job) => job.runId === this.runId);
    const models = await api.models().catch(() => []);
    this.versions = models.flatMap((model) => model.versions ?? []).filter((version) => version.runId === this.runId);
    return this.isLive() ? 2000 : 10000;
  }

  /** Only what is new: samples never change. */
  async loadSamples() {
    const last = this.samples.at(-1)?.step;
    const fresh = await api.samples(this.runId, last).catch(() => []);
    this.samples = [...this.samples.filter((sample) => sample.step !== last), ...fresh];
  }

  isLive() {
    return LIVE.has(this.run?.info.status) || ['QUEUED', 'RUNNING', 'STOPPING'].includes(this.job?.status);
  }

  render() {
    if (!this.run) {
      return html`<div class="stack">${this.fault ? html`<a href="#/runs">← Runs</a>` : loading} ${notice(this.fault)}</div>`;
    }
    const { info } = this.run;
    return html`<a class="crumb" href="#/runs">← Runs</a>
      <div class="page-head">
        <div><h1>${info.run_name || info.run_id}</h1>
          <p>Started ${since(Number(info.start_time))} · <span class="mono">${info.run_id.slice(0, 12)}</span></p></div>
        <div class="row">${badge(info.status)} ${this.jobButtons()}</div>
      </div>
      <div class="stack">
        ${notice(this.fault)} ${this.jobCard()} ${this.facts()} ${this.charts()}
        ${maskRatioCard(this.byMaskRatio)}
        ${samplesCard(this.samples, this.step, (step) => { this.step = step; this.requestUpdate(); })}
        <div class="columns">${this.pairs('Parameters', this.run.data?.params)} ${this.pairs('Tags', this.run.data?.tags)}</div>
        <run-comments .runId=${this.runId}></run-comments>
      </div>`;
  }

  jobButtons() {
    if (this.job && ['QUEUED', 'RUNNING'].includes(this.job.status)) {
      return html`<button class="small" ?disabled=${this.busy}
        @click=${() => this.attempt(async () => { this.job = await api.stopJob(this.job.id); })}>Stop</button>`;
    }
    if (this.job && ['STOPPED', 'FAILED'].includes(this.job.status)) {
      return html`<button class="small primary" ?disabled=${this.busy}
        @click=${() => this.attempt(async () => { this.job = await api.resumeJob(this.job.id); })}>Resume</button>`;
    }
    return nothing;
  }

  jobCard() {
    const job = this.job;
    if (!job || job.status === 'COMPLETED') {
      return nothing;
    }
    const p = job.progress ?? {};
    const facts = [
      p.step && `Step ${p.step}`,
      p.method && `phase ${p.phase}: ${p.method}`,
      p.totalSteps && `${whole(p.optimizerStep)} of ${whole(p.totalSteps)} optimizer steps`,
      p.secondsLeft && `${duration(p.secondsLeft)} left`,
    ].filter(Boolean);
    return html`<section class="card padded job" aria-label="Job">
      <div class="wrap"><strong>Job ${job.name}</strong> <span class="faint small-text">${facts.join(' · ') || p.detail || ''}</span></div>
      ${badge(job.status)}
      <progress class="progress" max="100" value=${p.percent ?? 0} aria-label="Job progress"></progress>
      ${job.failure ? html`<p class="soft">${job.failure.detail} ${job.failure.remedy}</p>` : nothing}
    </section>`;
  }

  facts() {
    const m = latest(this.run);
    const { start_time: start, end_time: end } = this.run.info;
    const took = start ? ((end || Date.now()) - start) / 1000 : undefined;
    return html`<dl class="facts">
      <div class="fact"><dt>Train loss</dt><dd>${number(m['train/loss'])} <small>nats/token</small></dd></div>
      <div class="fact"><dt>Validation</dt><dd>${number(m['validation/nats_per_token'])} <small>nats/token</small></dd></div>
      <div class="fact"><dt>Validation</dt><dd>${number(m['validation/bits_per_byte'])} <small>bits/byte</small></dd></div>
      <div class="fact"><dt>Speed</dt><dd>${whole(m['train/tokens_per_second'])} <small>tokens/s</small></dd></div>
      <div class="fact"><dt>Took</dt><dd>${duration(took)}</dd></div>
      <div class="fact"><dt>Model</dt><dd>${this.versions.length
        ? this.versions.map((v) => html`<a href="#/models/${v.name}">${v.name} ${v.version}</a> `)
        : html`<small>not registered</small>`}</dd></div>
    </dl>`;
  }

  charts() {
    const curve = (key, label, colour, dots = false) => ({
      label, colour, dots, points: this.curves[key] ? chartPoints(this.curves[key]) : [], unshown: unshown(this.curves[key]),
    });
    const losses = [
      curve('train/loss', 'train', '--curve-train'),
      curve('validation/nats_per_token', 'validation', '--curve-validation', true),
    ].filter((c) => c.points.length);
    return html`<div class="charts">
      <section class="card chart-card main" data-testid="loss-chart">
        <header><h2>Loss</h2><div class="legend"><span><i class="train"></i>train</span><span><i class="validation"></i>validation</span>
          <span>nats per token over optimizer steps${this.isLive() ? ', live' : ''}</span></div></header>
        ${losses.length
          ? html`<metric-chart class="tall" .curves=${losses} .height=${300} unit="nats"></metric-chart>${this.gaps(losses)}`
          : html`<div class="chart-empty">The first loss appears after the first optimizer steps.</div>`}
      </section>
      ${this.smallChart('Speed', 'tokens/s', curve('train/tokens_per_second', 'tokens/s', '--curve-other'))}
      ${this.smallChart('Learning rate', '', curve('train/learning_rate', 'learning rate', '--curve-other'))}
      ${this.smallChart('Gradient norm', '', curve('train/gradient_norm', 'gradient norm', '--curve-other'))}
    </div>`;
  }

  smallChart(title, unit, curve) {
    if (!curve.points.length) {
      return nothing;
    }
    return html`<section class="card chart-card"><header><h3>${title}</h3><span class="faint small-text">${unit}</span></header>
      <metric-chart .curves=${[curve]} .height=${160} .unit=${unit}></metric-chart>${this.gaps([curve])}</section>`;
  }

  /** A chart has no place for NaN and infinities; it must not hide them. */
  gaps(curves) {
    const count = curves.reduce((sum, curve) => sum + curve.unshown, 0);
    return count
      ? html`<p class="faint small-text" data-testid="unshown">${whole(count)} logged ${count === 1 ? 'value is' : 'values are'} NaN or infinite.</p>`
      : nothing;
  }

  pairs(title, entries = []) {
    const shown = [...entries].sort((a, b) => a.key.localeCompare(b.key));
    return html`<section class="card"><div class="card-head"><h2>${title}</h2><span class="faint small-text">${shown.length}</span></div>
      ${shown.length
        ? html`<table class="pairs"><tbody>${shown.map((entry) => html`<tr><td>${entry.key}</td><td class="mono">${entry.value}</td></tr>`)}</tbody></table>`
        : html`<p class="chart-empty">None logged.</p>`}</section>`;
  }
}

customElements.define('run-page', RunPage);
