import uPlot from 'uplot';
import { html, LitElement } from 'lit';

/**
 * Curves over optimizer steps. Its colours come from the style sheet, so it follows the theme.
 *
 * @typedef {{label: string, colour: string, points: {step: number, value: number}[], dots?: boolean}} Curve
 */
export class MetricChart extends LitElement {
  static properties = { curves: { attribute: false }, height: { type: Number }, unit: {} };

  constructor() {
    super();
    /** @type {Curve[]} */
    this.curves = [];
    this.height = 160;
    this.unit = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(this);
    this.retheme = () => this.rebuild();
    window.addEventListener('unmask-theme', this.retheme);
    this.scheme = window.matchMedia('(prefers-color-scheme: dark)');
    this.scheme.addEventListener('change', this.retheme);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.resize.disconnect();
    window.removeEventListener('unmask-theme', this.retheme);
    this.scheme.removeEventListener('change', this.retheme);
    this.plot?.destroy();
    this.plot = undefined;
  }

  render() {
    return html`<div class="plot"></div>`;
  }

  updated() {
    const shape = this.curves.map((curve) => curve.label).join();
    if (!this.plot || shape !== this.shape) {
      this.shape = shape;
      this.rebuild();
    } else {
      this.plot.setData(this.columns());
    }
  }

  fit() {
    if (this.plot && this.clientWidth > 0) {
      this.plot.setSize({ width: this.clientWidth, height: this.height });
    }
  }

  /** uPlot wants one column of x and one column a curve, with null where a curve has no point. */
  columns() {
    const steps = [...new Set(this.curves.flatMap((curve) => curve.points.map((p) => p.step)))];
    steps.sort((a, b) => a - b);
    const row = new Map(steps.map((step, index) => [step, index]));
    const columns = this.curves.map((curve) => {
      const column = new Array(steps.length).fill(null);
      curve.points.forEach((point) => {
        column[row.get(point.step)] = Number.isFinite(point.value) ? point.value : null;
      });
      return column;
    });
    return [steps, ...columns];
  }

  rebuild() {
    const host = this.querySelector('.plot');
    if (!host) {
      return;
    }
    this.plot?.destroy();
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--ink-faint'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    this.plot = new uPlot(
      {
        width: Math.max(this.clientWidth, 120),
        height: this.height,
        legend: { show: this.height > 200, live: true },
        cursor: { points: { size: 7 } },
        scales: { x: { time: false } },
        padding: [8, 8, 0, 0],
        axes: [
          { ...axis, space: 60, size: 26 },
          { ...axis, size: 52, space: 34, values: (_, ticks) => ticks.map(compact) },
        ],
        series: [
          { label: 'step' },
          ...this.curves.map((curve) => ({
            label: curve.label,
            stroke: colour(curve.colour),
            width: curve.dots ? 2 : 1.6,
            spanGaps: true,
            points: { show: Boolean(curve.dots), size: 6, fill: colour(curve.colour) },
            value: (_, value) => (value === null ? '–' : `${compact(value)} ${this.unit}`),
          })),
        ],
      },
      this.columns(),
      host,
    );
  }
}

function compact(value) {
  if (value === null || value === undefined) {
    return '';
  }
  const size = Math.abs(value);
  if (size >= 10000) {
    return `${(value / 1000).toLocaleString('en', { maximumFractionDigits: 1 })}k`;
  }
  if (size !== 0 && size < 0.001) {
    return value.toExponential(0);
  }
  return value.toLocaleString('en', { maximumFractionDigits: size < 1 ? 4 : 2 });
}

customElements.define('metric-chart', MetricChart);
