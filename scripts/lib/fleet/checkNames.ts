// The ids of checks, so that a misspelt acceptance is a fault of the fleet file and not of its first long run.

/** By phase; tests hold them against the sources. Some phases name checks after calls and scenarios beside these. */
export const checkNames: Readonly<Record<string, readonly string[]>> = {
  accept: ['matches'],
  calls: ['opened'],
  configuration: ['limits', 'no-credential', 'no-fixed-address', 'probe'],
  consistency: ['comparable', 'eras', 'order', 'per-connection', 'per-copy', 'profiles', 'rollout', 'through-ingress'],
  continuity: [
    'answered-wrongly',
    'effects-kept',
    'executed-twice',
    'failed-loudly',
    'longest-gap',
    'lost-silently',
    'sessions',
    'streams',
    'witnessed',
  ],
  contract: ['as-recorded', 'compatible', 'observed', 'servers-kept', 'steering', 'understood'],
  deploy: ['promotion', 'ready'],
  drill: ['forward', 'from-backup', 'rollback'],
  health: [
    'isolated',
    'ladder-inside',
    'ladder-through-ingress',
    'log-volume',
    'memory',
    'own-path',
    'restarts',
    'same-form',
    'second-opinion',
    'steady',
    'supervised',
  ],
  leak: ['abandoned', 'terminated'],
  preflight: [
    'disk',
    'isolation',
    'ports',
    'rehearsed',
    'root',
    'secrets',
    'supervised',
    'tools',
    'unfinished-change',
    'unfinished-runs',
    'way-back',
  ],
  protocol: [
    'auth',
    'auth-metadata',
    'bad-arguments',
    'conformance',
    'foreign-host',
    'foreign-origin',
    'get',
    'header-mismatch',
    'large-body',
    'malformed-json',
    'opened',
    'still-answers',
    'terminated-session',
    'unknown-method',
    'unknown-session',
    'unknown-tool',
    'unsupported-version',
    'wrong-accept',
    'wrong-content-type',
  ],
  reachability: [
    'fleet-health',
    'foreign-host',
    'foreign-origin',
    'health-url',
    'own-origin',
    'tls',
    'tls-expiry',
    'tls-host',
    'wildcard-host',
  ],
  rehearsal: ['live-unchanged'],
  restore: ['state'],
  security: [
    'answers',
    'arguments',
    'descriptions',
    'environment',
    'listens',
    'log',
    'source-addresses',
    'source-credentials',
    'vulnerabilities',
  ],
  stale: ['recoverable', 'window'],
  timeouts: ['cold-start', 'declared-calls', 'handshake', 'tool'],
  tools: ['catalogue', 'declared-exist', 'listed', 'order-stable', 'schemas-usable'],
  truth: [
    'child-halted',
    'child-killed',
    'dependency-silent',
    'disk-full',
    'halted',
    'killed',
    'port-taken',
    'secret-missing',
  ],
}

// What every phase may say, and what is named after something declared.
const everywhere = ['applies', 'evidence', 'judged', 'machine', 'observed']
const named = [/^calls\/./, /^continuity\/population-./, /^protocol\/conformance-./]

/** Whether some run may make a check of that id, which is phase/name. */
export function isCheck(id: string): boolean {
  const [phase = '', name = ''] = id.split('/')
  return (
    checkNames[phase]?.includes(name) === true || everywhere.includes(name) || named.some(pattern => pattern.test(id))
  )
}
