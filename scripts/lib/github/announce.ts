// The deployment of a run on GitHub: created at its beginning, and brought to a final state however the run ends.

import type {FinalState, Purpose} from '../journal/finalState.ts'
import type {Outcome} from '../journal/outcome.ts'
import {lastTold, type Teller, tell, tellOnce} from '../notify/told.ts'
import type {DeploymentState, GitHub} from './github.ts'

export interface Announced {
  run: string
  environment: string
  purpose: Purpose
  cancelled: boolean
}

const whom = 'GitHub'
const created = 'a deployment'

const tasks: Readonly<Record<Purpose, string>> = {
  deploy: 'deploy',
  rollback: 'rollback',
  resume: 'resume',
  watch: 'watch',
  rehearsal: 'rehearsal',
}

export async function announce(github: GitHub, teller: Teller, announced: Announced): Promise<void> {
  const {purpose, cancelled} = announced
  const id = await deploymentOf(github, teller, announced)
  if (id === undefined) return
  const set = (state: DeploymentState, description: string) =>
    tell(teller, whom, `that the deployment is ${state}`, () => github.setDeployment(id, state, description))
  if (cancelled) {
    // At once, since a workflow that was cancelled is killed 10 s later, and a deployment must not stay in progress.
    if (purpose === 'rehearsal') await set('inactive', 'cancelled; the twin is being ended')
    else await set('error', 'cancelled; live is being put in order')
    return
  }
  await set('queued', `the ${purpose} waits for the environment`)
  await set('in_progress', `the ${purpose} has begun`)
}

// A deploy that did not stay is no longer what the environment shows; what harmed nothing is inactive.
const states: Readonly<Record<Outcome, DeploymentState>> = {
  good: 'success',
  failed: 'failure',
  unjudged: 'error',
  'rollback-failed': 'failure',
  cancelled: 'inactive',
}

/** `environmentUrl` is the address of the live stack; a rehearsal stack no longer exists. */
export async function conclude(
  github: GitHub,
  teller: Teller,
  state: FinalState,
  environmentUrl: string | undefined,
): Promise<void> {
  const {run, environment, purpose, outcome, sentence} = state
  const id = await deploymentOf(github, teller, {run, environment, purpose})
  if (id === undefined) return
  const final = states[outcome]
  await tell(teller, whom, `that the deployment is ${final}`, () =>
    github.setDeployment(id, final, sentence, environmentUrl),
  )
}

/** Found again when it was created before; created when the run was not announced. */
async function deploymentOf(
  github: GitHub,
  teller: Teller,
  {run, environment, purpose}: Omit<Announced, 'cancelled'>,
): Promise<number | undefined> {
  const told = lastTold(teller.entries(), whom, created)
  if (told?.state === 'done') return Number(told.result)
  // Begun without an answer: it may be there.
  const isDoubtful = told !== undefined && told.state !== 'refused'
  const found = isDoubtful
    ? await tell(teller, whom, 'where its deployment is', () => github.findDeployment(environment, run))
    : undefined
  if (found !== undefined) return found
  return (isDoubtful ? tell : tellOnce)(teller, whom, created, () =>
    github.createDeployment({
      environment,
      task: tasks[purpose],
      description: `${purpose} of run ${run}`,
      run,
      isTransient: purpose === 'rehearsal',
      isProduction: environment === 'production',
    }),
  )
}
