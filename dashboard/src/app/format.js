// Numbers, times and sizes as people read them.

const wholes = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function number(value, digits = 3) {
  if (value === undefined || value === null || Number.isNaN(Number(value))) {
    return '–';
  }
  const n = Number(value);
  if (!Number.isFinite(n)) {
    return n > 0 ? '∞' : '−∞';
  }
  if (n !== 0 && Math.abs(n) < 0.001) {
    return n.toExponential(1);
  }
  return n.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function whole(value) {
  return value === undefined || value === null ? '–' : wholes.format(Number(value));
}

export function bytes(value) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let n = Number(value);
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) {
    n /= 1000;
    unit += 1;
  }
  return `${n.toLocaleString('en', { maximumFractionDigits: n < 10 && unit ? 1 : 0 })} ${units[unit]}`;
}

/** Seconds as "3 min 20 s". */
export function duration(seconds) {
  if (seconds === undefined || seconds === null || !Number.isFinite(Number(seconds))) {
    return '–';
  }
  const s = Math.max(0, Math.round(Number(seconds)));
  if (s < 60) {
    return `${s} s`;
  }
  if (s < 3600) {
    return `${Math.floor(s / 60)} min ${s % 60} s`;
  }
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}

/** Milliseconds since the epoch, or an ISO instant, as "5 min ago" or a date. */
export function since(instant) {
  if (!instant) {
    return '–';
  }
  const seconds = (Date.now() - new Date(instant).getTime()) / 1000;
  if (seconds < 45) {
    return 'just now';
  }
  if (seconds < 3600) {
    return `${Math.round(seconds / 60)} min ago`;
  }
  if (seconds < 86400) {
    return `${Math.round(seconds / 3600)} h ago`;
  }
  return moment(instant);
}

export function moment(instant) {
  return new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function shortDigest(digest) {
  const hex = String(digest ?? '').replace(/^sha256:/, '');
  return hex ? `${hex.slice(0, 12)}` : '–';
}
