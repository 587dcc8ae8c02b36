import DOMPurify from 'dompurify';
import { Marked } from 'marked';
import { html, LitElement } from 'lit';

/** What a text may become; other elements are dropped, and the text in them stays. */
const ALLOWED = {
  ALLOWED_TAGS: [
    'a', 'blockquote', 'br', 'code', 'del', 'em', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr', 'li', 'ol', 'p', 'pre',
    'strong', 'table', 'tbody', 'td', 'th', 'thead', 'tr', 'ul',
  ],
  ALLOWED_ATTR: ['align', 'href', 'start', 'title'],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:|#)/i,
  RETURN_DOM_FRAGMENT: true,
};

const escaped = (text) =>
  text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign]);

/** HTML in a text is text; a picture is a link to it, or each reader would tell its server. */
const reader = new Marked({
  gfm: true,
  renderer: {
    html: ({ text, block }) => (block ? `<p>${escaped(text)}</p>` : escaped(text)),
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
  },
});

/**
 * Markdown as elements. What people write is never trusted, and neither is what reads it.
 *
 * @param {string} text
 * @returns {DocumentFragment}
 */
export function markdown(text) {
  return sanitized(reader.parse(text, { async: false }));
}

/**
 * HTML without scripts, handlers, pictures, forms, styles and addresses that run code.
 *
 * @param {string} unsafe
 * @returns {DocumentFragment}
 */
export function sanitized(unsafe) {
  const fragment = DOMPurify.sanitize(unsafe, ALLOWED);
  fragment.querySelectorAll('a[href]').forEach((link) => {
    if (!link.getAttribute('href').startsWith('#')) {
      link.target = '_blank';
      link.rel = 'noopener noreferrer nofollow';
    }
  });
  return fragment;
}

/** A text of people's, shown as Markdown; made anew only when it is another text. */
class MarkdownText extends LitElement {
  static properties = { text: {} };

  constructor() {
    super();
    this.text = '';
  }

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="markdown wrap"></div>`;
  }

  updated(changed) {
    if (changed.has('text')) {
      this.firstElementChild.replaceChildren(markdown(this.text ?? ''));
    }
  }
}

customElements.define('markdown-text', MarkdownText);
