// What is known about one completion while it is denoised, and how it looked after each step.

/** Shades of the colour walk in the style sheet. */
export const SHADES = 8;

/**
 * @typedef {{position: number, text: string, probability: number | undefined, step: number}} Committed
 * @typedef {{number: number, nfe: number, block: number, count: number, maskedLeft: number, meanProbability: number}} Step
 */
export class Denoising {
  constructor() {
    /** @type {Map<number, Committed>} by position */
    this.committed = new Map();
    /** @type {Step[]} in the order they came */
    this.steps = [];
    this.length = 0;
    this.text = '';
    this.usage = undefined;
    this.model = '';
    this.finishReason = undefined;
  }

  /** Takes one chunk of the stream. */
  add(chunk) {
    this.model = chunk.model ?? this.model;
    this.usage = chunk.usage ?? this.usage;
    const choice = chunk.choices?.[0];
    if (choice) {
      this.text += choice.text ?? '';
      this.finishReason = choice.finish_reason ?? this.finishReason;
    }
    if (chunk.x_denoise) {
      this.addStep(chunk.x_denoise);
    }
  }

  addStep(event) {
    const number = this.steps.length;
    const committed = event.committed ?? [];
    committed.forEach((token) => {
      const position = token.pos ?? token.position;
      this.committed.set(position, {
        position,
        text: token.token ?? token.text ?? '',
        probability: token.p ?? token.probability,
        step: number,
      });
    });
    const sure = committed.map((token) => token.p ?? token.probability ?? 1);
    this.steps.push({
      number,
      nfe: event.nfe ?? number + 1,
      block: event.block ?? 0,
      count: committed.length,
      maskedLeft: event.masked_left ?? 0,
      meanProbability: sure.length ? sure.reduce((a, b) => a + b, 0) / sure.length : 1,
    });
    this.length = Math.max(this.length, this.committed.size + (event.masked_left ?? 0));
  }

  /**
   * The answer as it stood after a step: a committed token, or undefined where it was still masked.
   *
   * @param {number} step
   * @returns {(Committed | undefined)[]}
   */
  after(step) {
    const positions = [...this.committed.keys()];
    const first = positions.length ? Math.min(...positions) : 0;
    // Positions count from the answer's start or from the prompt's; both are shown from the first.
    const start = first < this.length ? 0 : first;
    const end = Math.max(start + this.length, ...positions.map((position) => position + 1));
    const line = [];
    for (let position = start; position < end; position += 1) {
      const token = this.committed.get(position);
      line.push(token && token.step <= step ? token : undefined);
    }
    return line;
  }

  /** Shade of a token by when it was unmasked, or by how sure the model was. */
  shade(token, by) {
    const last = Math.max(1, this.steps.length - 1);
    const share = by === 'confidence' ? token.probability ?? 1 : token.step / last;
    return Math.min(SHADES - 1, Math.max(0, Math.floor(share * SHADES)));
  }
}
