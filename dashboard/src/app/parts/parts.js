import { html, nothing } from 'lit';

const TONES = {
  RUNNING: 'busy', LOADING: 'busy', STOPPING: 'busy', QUEUED: 'warn', SCHEDULED: 'warn', STOPPED: 'warn',
  KILLED: 'warn', FINISHED: 'good', COMPLETED: 'good', READY: 'good', FAILED: 'bad',
};

/** A state in a word and a colour. */
export function badge(status) {
  const word = String(status ?? 'UNKNOWN');
  return html`<span class="badge ${TONES[word] ?? ''}">${word.charAt(0) + word.slice(1).toLowerCase()}</span>`;
}

/** What went wrong and what helps. */
export function notice(error) {
  if (!error) {
    return nothing;
  }
  const message = String(error.message);
  return html`<div class="notice" role="alert">
    <div>
      <strong>${message.charAt(0).toUpperCase() + message.slice(1)}</strong>
      <p>${error.remedy ?? 'Reload the page and try again.'}${error.requestId ? html` <span class="mono">Request ${error.requestId}</span>` : nothing}</p>
    </div>
  </div>`;
}

/** An empty list that says what to do next. */
export function empty(title, text, action = nothing) {
  return html`<div class="empty">
    <div class="cells" aria-hidden="true"><i class="on"></i><i></i><i class="on"></i><i></i><i></i><i class="on"></i><i></i><i></i></div>
    <h2>${title}</h2>
    <p>${text}</p>
    ${action === nothing ? nothing : html`<div class="row">${action}</div>`}
  </div>`;
}

export const loading = html`<p class="loading" role="status">Loading…</p>`;

/** Asks before something is lost; answers true when the person agrees. */
export function confirmed(question, detail, verb) {
  return new Promise((answer) => {
    const dialog = document.createElement('dialog');
    const body = document.createElement('form');
    body.method = 'dialog';
    const title = document.createElement('h2');
    title.textContent = question;
    const text = document.createElement('p');
    text.className = 'soft';
    text.textContent = detail;
    const actions = document.createElement('div');
    actions.className = 'actions';
    const cancel = document.createElement('button');
    cancel.value = 'cancel';
    cancel.textContent = 'Cancel';
    const agree = document.createElement('button');
    agree.value = 'agree';
    agree.className = 'danger';
    agree.textContent = verb;
    actions.append(cancel, agree);
    body.append(title, text, actions);
    dialog.append(body);
    dialog.addEventListener('close', () => {
      answer(dialog.returnValue === 'agree');
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
