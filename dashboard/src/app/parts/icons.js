import { html } from 'lit';

export const icons = {
  runs: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 4v16h16"/><path d="M7 8c2 6 5 8 12 8.500"/></svg>`,
  models: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l8 4.500v9L12 21l-8-4.500v-9z"/><path d="M4 7.500l8 4.500 8-4.500M12 12v9"/></svg>`,
  deployments: html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="4" y="4" width="16" height="6.500" rx="2"/><rect x="4" y="13.500" width="16" height="6.500" rx="2"/><path d="M8 7.300h.01M8 16.800h.01"/></svg>`,
  playground: html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="4" y="5" width="6" height="6" rx="1.500"/><rect x="14" y="5" width="6" height="6" rx="1.500" stroke-dasharray="2.500 2"/><path d="M4 16h16M4 20h9"/></svg>`,
  reports: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M6 3h9l4 4v14H6z"/><path d="M9 16l2.500-4 2.500 2.500L17 11M9 8h4"/></svg>`,
  alerts: html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4l9 16H3z"/><path d="M12 10v5M12 17.500h.01"/></svg>`,
  shares: html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="6" cy="12" r="2.500"/><circle cx="17" cy="6" r="2.500"/><circle cx="17" cy="18" r="2.500"/><path d="M8.300 11l6.500-3.700M8.300 13l6.500 3.700"/></svg>`,
  tokens: html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="8" cy="15" r="4"/><path d="M11 12l8-8M16 7l3 3"/></svg>`,
  play: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M7 5l12 7-12 7z"/></svg>`,
  pause: html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5v14M16 5v14"/></svg>`,
};
