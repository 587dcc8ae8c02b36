import uPlot from 'uplot';
import { html, LitElement } from 'lit';

const BAND_END = { class: 'band', stroke: 'transparent', width: 0, spanGaps: true, points: { show: false } };
/** Two hexadecimal digits, put behind the curve's colour. */
const BAND_OPACITY = '2e';

function isBand(curve) {
  return curve.points.some((point) => point.low !== point.high);
}

/**
 * Points of a chart from a curve of the series API: a bucket is drawn at its last point, with a band
 * from its least to its greatest value.
 *
 * @returns {ChartPoint[]}
 */
export function chartPoints(curve) {
  if (curve.points) {
    return curve.points.map(([step, value]) => ({ step, value: Number(value) }));
  }
  return curve.buckets.map(({ last, min, max }) => ({
    step: last[0], value: Number(last[1]), low: min?.[1], high: max?.[1],
  }));
}

/** How many values of a curve no chart can show. */
export function unshown(curve) {
  const { nan = 0, infinity = 0, minusInfinity = 0 } = curve?.nonFinite ?? {};
  return nan + infinity + minusInfinity;
}

/**
 * Curves over optimizer steps. Its colours come from the style sheet, so it follows the theme.
 * Where a point stands for many, a band shows how far they reach.
 *
 * @typedef {{step: number, value: number, low?: number, high?: number}} ChartPoint
 * @typedef {{label: string, colour: string, points: ChartPoint[], dots?: boolean}} Curve
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
    const shape = this.curves.map((curve) => `${curve.label} ${curve.colour} ${isBand(curve)}`).join();
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

  /**
   * uPlot wants one column of x and one column a curve, with null where a curve has no point. The
   * upper and lower ends of a band are two more.
   */
  columns() {
    const steps = [...new Set(this.curves.flatMap((curve) => curve.points.map((p) => p.step)))];
    steps.sort((a, b) => a - b);
    const row = new Map(steps.map((step, index) => [step, index]));
    const column = (points, field) => {
      const values = new Array(steps.length).fill(null);
      points.forEach((point) => {
        values[row.get(point.step)] = Number.isFinite(point[field]) ? point[field] : null;
      });
      return values;
    };
    const columns = this.curves.flatMap((curve) =>
      (isBand(curve) ? ['value', 'high', 'low'] : ['value']).map((field) => column(curve.points, field)),
    );
    return [steps, ...columns];
  }

  /** Where among uPlot's series, the first of which is x, a band's upper end is. */
  bands() {
    const bands = [];
    let at = 1;
    for (const curve of this.curves) {
      if (isBand(curve)) {
        bands.push({ curve, upper: at + 1 });
        at += 2;
      }
      at += 1;
    }
    return bands;
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
          ...this.curves.flatMap((curve) => [
            {
              label: curve.label,
              stroke: colour(curve.colour),
              width: curve.dots ? 2 : 1.6,
              spanGaps: true,
              points: { show: Boolean(curve.dots), size: 6, fill: colour(curve.colour) },
              value: (_, value) => (value === null ? '–' : `${compact(value)} ${this.unit}`),
            },
            ...(isBand(curve) ? [BAND_END, BAND_END] : []),
          ]),
        ],
        bands: this.bands().map(({ curve, upper }) => ({
          series: [upper, upper + 1],
          fill: `${colour(curve.colour)}${BAND_OPACITY}`,
        })),
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
