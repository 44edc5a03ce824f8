// Every pipeline as data: its steps in order, what is done when one fails, and what is done always.
import type {Tells} from '../scripts/lib/wanted.ts'

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
  title: 'Check the fleet file, tools, secrets, disk and what earlier runs left',
  takes: ['wait'],
  needsSecrets: true,
} as const
const build = {step: '20-build', title: 'Build every server into one immutable release'}
const plan = {step: '40-plan', title: 'Compare the release with what is live'}
const backup = {step: '50-backup', title: 'Copy what must survive, and read the copy back', needsSecrets: true} as const
const rehearse = {
  step: '60-deploy',
  title: 'Start a throw-away twin of the fleet',
  needsSecrets: true,
  isLong: true,
} as const
const health = {
  step: '70-health',
  title: 'Climb the health ladder of every server',
  needsSecrets: true,
  isLong: true,
} as const
const verify = {
  step: '80-verify',
  title: 'Run every other phase',
  takes: ['quick', 'fresh'],
  despite: ['70-health'],
  needsSecrets: true,
  isLong: true,
} as const
const deploy = {
  ...rehearse,
  title: 'Change live, server by server',
  flags: ['--apply'],
  takes: ['override'],
}
const drill = {
  step: '84-drill',
  title: 'Roll the twin back and forward, and time it',
  despite: ['70-health', '80-verify'],
  needsSecrets: true,
  isLong: true,
} as const
const contracts = {
  step: '08-contracts',
  title: 'Write down what every server tells of itself',
  needsSecrets: true,
} as const
const finish = {step: '85-finish', title: 'End the old copies and record the release as verified'}
const rollback = {step: '90-rollback', title: 'Put the last verified release back', needsSecrets: true} as const
const cleanup = {step: '99-cleanup', title: 'Remove what the run needed and prove that live is as it should be'}
const announce = {step: '12-announce', title: 'Tell GitHub that the run began', tells: 'GitHub'} as const
const cancelled = {...announce, title: 'Tell GitHub that the run is being ended', flags: ['--cancelled']} as const
const tellGitHub = {step: '92-github', title: 'Tell GitHub how the run ended', tells: 'GitHub'} as const
const notify = {step: '94-notify', title: 'Tell people how the run ended', tells: 'people'} as const
const report = {step: '95-report', title: 'Write the report'}

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
    title: 'Drill the rollback on a throw-away twin',
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
    title: 'Roll the fleet back',
    steps: [announce, {...rollback, takes: ['to', 'reason', 'wait']}],
    onFailure: [],
    onCancel: [cancelled],
    always: [cleanup, tellGitHub, notify, report],
  },
  watch: {
    title: 'Look after live',
    mayKeepGoing: true,
    steps: [health, {...verify, flags: ['--quick']}],
    onFailure: [],
    always: [tellGitHub, notify, report],
  },
} as const satisfies Record<string, Pipeline>
