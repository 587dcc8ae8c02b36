import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { api, may } from '../api.js';
import { since } from '../format.js';
import './markdown.js';
import { Page } from './page.js';
import { confirmed, notice } from './parts.js';

/** What people say about a run, and a place to answer. */
class RunComments extends Page {
  static properties = { runId: {} };

  constructor() {
    super();
    this.comments = undefined;
    /** id of the comment that is being changed */
    this.editing = undefined;
  }

  connectedCallback() {
    super.connectedCallback();
    this.poll(() => this.load(), 10000);
  }

  async load() {
    this.comments = await api.comments(this.runId);
  }

  render() {
    const count = this.comments?.length ?? 0;
    return html`<section class="card" aria-label="Comments" data-testid="comments">
      <div class="card-head"><h2>Comments</h2><span class="faint small-text">${count}</span></div>
      ${this.fault ? html`<div class="padded-part">${notice(this.fault)}</div>` : nothing}
      <ol class="comments">${repeat(this.comments ?? [], (comment) => comment.id, (comment) => this.comment(comment))}</ol>
      ${may('member') ? this.form() : nothing}
    </section>`;
  }

  comment(comment) {
    return html`<li class="comment" data-testid="comment">
      <header><strong class="wrap">${comment.author}</strong>
        <span class="faint small-text">${since(comment.createdAt)}${comment.editedAt ? ` · changed ${since(comment.editedAt)}` : ''}</span>
        <span class="push row">
          ${comment.yours ? html`<button class="small quiet" data-testid="comment-edit" @click=${() => this.edit(comment.id)}>Change</button>` : nothing}
          ${comment.yours || may('maintainer')
            ? html`<button class="small quiet danger" data-testid="comment-delete" @click=${() => this.discard(comment)}>Delete</button>` : nothing}
        </span></header>
      ${this.editing === comment.id ? this.editor(comment) : html`<markdown-text .text=${comment.text}></markdown-text>`}
    </li>`;
  }

  editor(comment) {
    return html`<form class="comment-form" @submit=${(event) => this.save(event, comment)}>
      <textarea name="text" rows="4" required maxlength="10000" aria-label="Comment" .value=${comment.text}></textarea>
      <div class="actions"><button type="button" class="small" @click=${() => this.edit(undefined)}>Cancel</button>
        <button class="small primary" ?disabled=${this.busy}>Save</button></div>
    </form>`;
  }

  form() {
    return html`<form class="comment-form" @submit=${this.add}>
      <label>Say something about this run
        <textarea name="text" data-testid="comment-text" rows="3" required maxlength="10000" placeholder="Markdown"></textarea></label>
      <div class="actions"><button class="primary" data-testid="comment-add" ?disabled=${this.busy}>Comment</button></div>
    </form>`;
  }

  edit(id) {
    this.editing = id;
    this.requestUpdate();
  }

  add(event) {
    event.preventDefault();
    const form = event.target;
    this.attempt(async () => {
      await api.addComment(this.runId, new FormData(form).get('text'));
      form.reset();
      await this.load();
    });
  }

  save(event, comment) {
    event.preventDefault();
    const text = new FormData(event.target).get('text');
    this.attempt(async () => {
      await api.editComment(this.runId, comment.id, text);
      this.editing = undefined;
      await this.load();
    });
  }

  async discard(comment) {
    if (await confirmed('Delete this comment?', 'It cannot be brought back.', 'Delete')) {
      await this.attempt(async () => {
        await api.deleteComment(this.runId, comment.id);
        await this.load();
      });
    }
  }
}

customElements.define('run-comments', RunComments);
