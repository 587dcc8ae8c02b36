import { LitElement } from 'lit';

/**
 * A page or part of one. Renders into the document itself, so that one style sheet dresses
 * everything, and repeats its polls only while it is shown.
 */
export class Page extends LitElement {
  constructor() {
    super();
    this.timers = [];
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.timers.forEach(clearTimeout);
    this.timers = [];
    this.gone = true;
  }

  /**
   * Runs a task now and again after each pause, never twice at a time, and not in a hidden tab.
   *
   * @param {() => Promise<number | void>} task answers the next pause in milliseconds, if not the usual
   * @param {number} pause milliseconds
   */
  poll(task, pause) {
    const again = async () => {
      let next = pause;
      if (!document.hidden) {
        try {
          next = (await task()) || pause;
          this.fault = undefined;
        } catch (error) {
          this.fault = error;
          next = Math.max(pause, 3000);
        }
        this.requestUpdate();
      }
      if (!this.gone) {
        this.timers.push(setTimeout(again, next));
      }
    };
    this.gone = false;
    again();
  }

  /** Runs what a button asks for; a failure is shown on the page. */
  async attempt(task) {
    this.busy = true;
    this.fault = undefined;
    this.requestUpdate();
    try {
      return await task();
    } catch (error) {
      this.fault = error;
      return undefined;
    } finally {
      this.busy = false;
      this.requestUpdate();
    }
  }
}
