// The REST API through the gateway: JSON in and out, failures as one kind of error with a remedy.

/** A failed call, told in a way a person can act on. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status, 0 when nothing answered
   * @param {string} message what happened
   * @param {string} remedy what helps
   * @param {string} [requestId] finds the request in the services' logs
   */
  constructor(status, message, remedy, requestId) {
    super(message);
    this.status = status;
    this.remedy = remedy;
    this.requestId = requestId ?? '';
  }
}

const REMEDIES = {
  0: 'Check that the suite is running (./unmask up), then try again.',
  400: 'Correct the value and try again.',
  401: 'Sign in again with a valid API token.',
  403: 'Your role does not allow this; ask an administrator of your team.',
  404: 'It may have been deleted; go back to the list.',
  409: 'Reload the page to see its current state.',
  413: 'Send less at once.',
  429: 'Wait a moment, then try again.',
  503: 'The service is starting or away; this page tries again by itself.',
};

/** Tells the application that the session has ended, once per failed call; `who` is signed in. */
export const session = Object.assign(new EventTarget(), { who: { signedIn: false } });

/** Whether the person may do what takes a role; the services decide, this only spares a click. */
export function may(role) {
  const roles = ['viewer', 'member', 'maintainer', 'admin'];
  return roles.indexOf(session.who.role) >= roles.indexOf(role);
}

async function signedIn(answer) {
  session.who = await answer;
  return session.who;
}

async function failure(response) {
  const requestId = response.headers.get('X-Request-Id') ?? '';
  let message = `HTTP ${response.status}`;
  try {
    const body = await response.json();
    const fields = (body.errors ?? []).map((fault) => `${fault.field}: ${fault.message}`);
    message = fields.length
      ? fields.join('; ')
      : body.detail ?? body.error?.message ?? body.message ?? message;
  } catch {
    // Not JSON: the status has to do.
  }
  if (response.status === 401) {
    session.dispatchEvent(new Event('ended'));
  }
  const remedy = REMEDIES[response.status]
    ?? (response.status >= 500 ? 'Try again; if it stays, look up the request id in the logs.' : REMEDIES[400]);
  return new ApiError(response.status, message, remedy, requestId);
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, 'The gateway does not answer.', REMEDIES[0]);
  }
  if (!response.ok) {
    throw await failure(response);
  }
  return response;
}

async function json(path, method = 'GET', body = undefined) {
  const response = await call(path, {
    method,
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  return text ? JSON.parse(text) : {};
}

const MLFLOW = '/ajax-api/2.0/mlflow';
const REGISTRY = '/api/v1/registry';
const part = encodeURIComponent;

/** Everything of a list that is read by pages of 500. */
async function allPages(read) {
  const all = [];
  for (;;) {
    const page = await read(all.length ? all[all.length - 1].id : 0);
    all.push(...page);
    if (page.length < 500) {
      return all;
    }
  }
}

export const api = {
  session: () => signedIn(json('/api/v1/session')),
  signIn: (token) => signedIn(json('/api/v1/session', 'POST', { token })),
  signOut: () => json('/api/v1/session', 'DELETE'),

  experiments: async () =>
    (await json(`${MLFLOW}/experiments/search`, 'POST', { max_results: 1000 })).experiments ?? [],
  runs: async (experimentIds) =>
    (
      await json(`${MLFLOW}/runs/search`, 'POST', {
        experiment_ids: experimentIds,
        max_results: 200,
        order_by: ['attributes.start_time DESC'],
      })
    ).runs ?? [],
  run: async (id) => (await json(`${MLFLOW}/runs/get?run_id=${part(id)}`)).run,
  /** Curves of metrics, brought down to so many points each with their extremes kept. */
  series: async (runs, keys, points, x = 'step') =>
    (await json('/api/v1/registry/series', 'POST', { runs, keys, points, x })).series ?? [],
  /** Runs by the native search, which knows fields and pages. */
  findRuns: async (query) => (await json(`${REGISTRY}/runs/search`, 'POST', query)).runs ?? [],
  groupRuns: async (query) => (await json(`${REGISTRY}/runs/groups`, 'POST', query)).groups ?? [],
  differences: (runs) => json(`${REGISTRY}/runs/differences`, 'POST', { runs }),

  comments: (run) => allPages((after) => json(`${REGISTRY}/runs/${part(run)}/comments?max_results=500&after=${after}`)),
  addComment: (run, text) => json(`${REGISTRY}/runs/${part(run)}/comments`, 'POST', { text }),
  editComment: (run, id, text) => json(`${REGISTRY}/runs/${part(run)}/comments/${part(id)}`, 'PUT', { text }),
  deleteComment: (run, id) => json(`${REGISTRY}/runs/${part(run)}/comments/${part(id)}`, 'DELETE'),

  views: () => allPages((after) => json(`${REGISTRY}/views?max_results=500&after=${after}`)),
  createView: (view) => json(`${REGISTRY}/views`, 'POST', view),
  changeView: (id, view) => json(`${REGISTRY}/views/${part(id)}`, 'PUT', view),
  deleteView: (id) => json(`${REGISTRY}/views/${part(id)}`, 'DELETE'),

  reports: () => json(`${REGISTRY}/reports?max_results=1000`),
  report: (id) => json(`${REGISTRY}/reports/${part(id)}`),
  createReport: (report) => json(`${REGISTRY}/reports`, 'POST', report),
  saveReport: (id, report) => json(`${REGISTRY}/reports/${part(id)}`, 'PUT', report),
  deleteReport: (id) => json(`${REGISTRY}/reports/${part(id)}`, 'DELETE'),
  reportVersions: (id) => json(`${REGISTRY}/reports/${part(id)}/versions?max_results=1000`),
  reportVersion: (id, version) => json(`${REGISTRY}/reports/${part(id)}/versions/${part(version)}`),
  restoreReport: (id, version, replaces) =>
    json(`${REGISTRY}/reports/${part(id)}/versions/${part(version)}/restore`, 'POST', { replaces }),

  shares: () => json(`${REGISTRY}/shares`),
  createShare: (share) => json(`${REGISTRY}/shares`, 'POST', share),
  revokeShare: (id) => json(`${REGISTRY}/shares/${part(id)}`, 'DELETE'),

  /** What the link shows by which its holder is signed in. */
  shared: () => json(`${REGISTRY}/shared`),
  sharedHistory: (run, metric) => json(`${REGISTRY}/shared/runs/${part(run)}/history?metric=${part(metric)}`),

  alerts: (open) => json(`${REGISTRY}/alerts?open=${open}&max_results=200`),
  acknowledge: (id) => json(`${REGISTRY}/alerts/${part(id)}/acknowledge`, 'POST'),

  /** What the run's model wrote from a step on, by step. */
  samples: async (run, from) => {
    const query = from === undefined ? 'size=1000' : `size=1000&from=${from}`;
    return (await json(`/api/v1/registry/runs/${part(run)}/samples?${query}`)).samples ?? [];
  },
  /** Histograms of a key, so many steps of them at most. */
  histograms: (run, key, steps) =>
    json(`/api/v1/registry/runs/${part(run)}/histograms?key=${part(key)}&steps=${steps}`),

  jobs: () => json('/api/v1/training/jobs'),
  stopJob: (id) => json(`/api/v1/training/jobs/${part(id)}/stop`, 'POST'),
  resumeJob: (id) => json(`/api/v1/training/jobs/${part(id)}/resume`, 'POST'),

  models: () => json('/api/v1/registry/models'),
  modelCard: (name, ref) => json(`${REGISTRY}/models/${part(name)}/versions/${part(ref)}/card`),
  version: (name, ref) => json(`/api/v1/registry/models/${part(name)}/versions/${part(ref)}`),
  setAlias: (name, alias, version) =>
    json(`${MLFLOW}/registered-models/alias`, 'POST', { name, alias, version: String(version) }),

  deployments: () => json('/api/v1/inference/deployments'),
  deploy: (name, model) => json('/api/v1/inference/deployments', 'POST', { name, model }),
  undeploy: (id) => json(`/api/v1/inference/deployments/${part(id)}`, 'DELETE'),
  servedModels: async () => (await json('/v1/models')).data ?? [],

  tokens: () => json('/api/v1/identity/tokens'),
  createToken: (body) => json('/api/v1/identity/tokens', 'POST', body),
  revokeToken: (id) => json(`/api/v1/identity/tokens/${part(id)}`, 'DELETE'),

  /**
   * Streams a completion; ends when the stream does, and stops the computation when aborted.
   *
   * @param {object} body the request of /v1/completions
   * @param {AbortSignal} signal
   * @param {(chunk: any) => void} onChunk one call a chunk, without the final [DONE]
   */
  async complete(body, signal, onChunk) {
    const response = await call('/v1/completions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    for await (const data of serverSentData(response.body)) {
      if (data === '[DONE]') {
        return;
      }
      const chunk = JSON.parse(data);
      if (chunk.error) {
        throw new ApiError(
          500,
          chunk.error.message ?? 'The generation failed.',
          'Start it again; if it stays, look at the deployment.',
          response.headers.get('X-Request-Id') ?? '',
        );
      }
      onChunk(chunk);
    }
  },
};

/** The data of each server-sent event of a body. */
async function* serverSentData(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) {
      return;
    }
    const events = (rest + value).replace(/\r\n/g, '\n').split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event
        .split('\n')
        .filter((line) => line.startsWith('data:'))
        .map((line) => line.slice(5).trimStart());
      if (data.length) {
        yield data.join('\n');
      }
    }
  }
}
