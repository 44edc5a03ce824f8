// Every pipeline as data: its steps in order, what is done when one fails, and what is done always.
import type {Tells} from '../scripts/lib/notify/wanted.ts'

export interface PipelineStep {
  /** File name in scripts/ without its ending. */
  step: string
  /** One sentence in the reader's language. */
  title: string
  flags?: readonly string[]
  /** Set for a step that starts servers, or asks them something: no other is given their secrets in a workflow. */
  needsSecrets?: true
  /** Flags of the pipeline that are handed on to this step when they are given. */
  takes?: readonly string[]
  /** Set for a step that works for seconds: the next one is loaded meanwhile, and the one after it would only be in its way. */
  isLong?: true
  /** Failures of these steps leave it something to evaluate; --keep-going runs it all the same. */
  despite?: readonly string[]
  /** Set for a step that only tells others: nothing is judged by it, it is not planned, and it is left out where nobody is to be told. */
  tells?: Tells
}

export interface Pipeline {
  title: string
  steps: readonly PipelineStep[]
  /** What it evaluates is a rehearsal, or only looked at: nobody waits for its rollback, so --keep-going may go on. */
  mayKeepGoing?: true
  /** Done in this order when a step was judged bad. */
  onFailure: readonly PipelineStep[]
  /** The step that begins what `onFailure` puts right; before it nothing is to be put right. Absent, the first one. */
  changesFrom?: string
  /** Done at once when the run was cancelled, before what follows a failure. Only the runner needs it. */
  onCancel?: readonly PipelineStep[]
  /** Done in this order whatever happened. */
  always: readonly PipelineStep[]
}

const preflight = {
  step: '10-preflight',
  title: 'Preflight checks',
  takes: ['wait'],
  needsSecrets: true,
} as const
const build = {step: '20-build', title: 'Build release'}
const plan = {step: '40-plan', title: 'Plan changes'}
const backup = {step: '50-backup', title: 'Back up state', needsSecrets: true} as const
const rehearse = {
  step: '60-deploy',
  title: 'Start rehearsal stack',
  needsSecrets: true,
  isLong: true,
} as const
const health = {
  step: '70-health',
  title: 'Health checks',
  needsSecrets: true,
  isLong: true,
} as const
const verify = {
  step: '80-verify',
  title: 'Verify all other phases',
  takes: ['quick', 'fresh'],
  despite: ['70-health'],
  needsSecrets: true,
  isLong: true,
} as const
const deploy = {
  ...rehearse,
  title: 'Deploy to live stack',
  flags: ['--apply'],
  takes: ['override'],
}
const drill = {
  step: '84-drill',
  title: 'Rollback drill',
  despite: ['70-health', '80-verify'],
  needsSecrets: true,
  isLong: true,
} as const
const contracts = {
  step: '08-contracts',
  title: 'Write contracts',
  needsSecrets: true,
} as const
const finish = {step: '85-finish', title: 'Finish deploy'}
const rollback = {step: '90-rollback', title: 'Roll back', needsSecrets: true} as const
const cleanup = {step: '99-cleanup', title: 'Clean up'}
const announce = {step: '12-announce', title: 'Announce run on GitHub', tells: 'GitHub'} as const
const cancelled = {...announce, title: 'Report cancellation to GitHub', flags: ['--cancelled']} as const
const tellGitHub = {step: '92-github', title: 'Report result to GitHub', tells: 'GitHub'} as const
const notify = {step: '94-notify', title: 'Notify people', tells: 'people'} as const
const report = {step: '95-report', title: 'Write report'}

export const pipelines = {
  staging: {
    title: 'Rehearse the fleet',
    mayKeepGoing: true,
    steps: [announce, preflight, build, plan, rehearse, health, verify, drill],
    onFailure: [],
    onCancel: [cancelled],
    always: [cleanup, tellGitHub, notify, report],
  },
  drill: {
    title: 'Rollback drill',
    mayKeepGoing: true,
    steps: [preflight, build, plan, rehearse, health, drill],
    onFailure: [],
    always: [cleanup, report],
  },
  contracts: {
    title: 'Write the contracts of the fleet',
    // What is committed may be what this is to mend.
    steps: [preflight, {...build, flags: ['--without-contracts']}, rehearse, contracts],
    onFailure: [],
    always: [cleanup],
  },
  production: {
    title: 'Deploy the fleet',
    steps: [
      announce,
      {...preflight, flags: ['--apply'], takes: ['wait', 'override']},
      build,
      plan,
      backup,
      deploy,
      health,
      verify,
      finish,
    ],
    onFailure: [rollback],
    changesFrom: deploy.step,
    onCancel: [cancelled],
    always: [cleanup, tellGitHub, notify, report],
  },
  rollback: {
    title: 'Roll back the fleet',
    steps: [announce, {...rollback, takes: ['to', 'reason', 'wait']}],
    onFailure: [],
    onCancel: [cancelled],
    always: [cleanup, tellGitHub, notify, report],
  },
  watch: {
    title: 'Check the live stack',
    mayKeepGoing: true,
    steps: [health, {...verify, flags: ['--quick']}],
    onFailure: [],
    always: [tellGitHub, notify, report],
  },
} as const satisfies Record<string, Pipeline>
