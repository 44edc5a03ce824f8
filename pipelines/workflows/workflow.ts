// The shape of a GitHub workflow, as far as ours go; GitHub's own parser holds the written files against the whole of it.

export interface WorkflowStep {
  name: string
  id?: string
  if?: string
  /** An action with its commit hash. */
  uses?: string
  with?: Record<string, string | number | boolean>
  run?: string
  env?: Record<string, string>
  'continue-on-error'?: boolean
}

export interface Job {
  name?: string
  needs?: readonly string[]
  if?: string
  outputs?: Record<string, string>
  'runs-on': string
  environment?: ReturnType<typeof inEnvironment>
  'timeout-minutes': number
  /** What the token of this job may do; everything else it may not. */
  permissions: Record<string, 'read' | 'write'>
  strategy?: {'fail-fast': boolean; matrix: Record<string, readonly string[]>}
  steps: readonly WorkflowStep[]
}

export interface Workflow {
  name: string
  on: Record<string, unknown>
  /** Of the whole workflow: nothing, since each job names its own. */
  permissions: Record<string, never>
  concurrency: {group: string; 'cancel-in-progress': boolean | string}
  defaults: typeof bash
  jobs: Record<string, Job>
}

/**
 * With the secrets and the reviewers of that environment, but without the deployment that GitHub would create for the job by
 * itself: the run creates its own, which knows how it ended.
 */
export function inEnvironment(name: string) {
  return {name, deployment: false} as const
}

/** Named, GitHub starts it with `-eo pipefail`; unnamed, without `pipefail`. */
export const bash = {run: {shell: 'bash'}} as const

/** Runs on a machine of GitHub, whatever the repository's variables say. */
export const hosted = 'ubuntu-24.04'

/** Runs where live is, once the repository says which runner that is. */
export const ownRunner = "${{ vars.SEAWORTHY_RUNNER || 'ubuntu-24.04' }}"
