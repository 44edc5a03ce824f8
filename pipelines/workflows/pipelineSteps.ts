// A pipeline as the steps of a workflow's job: the same command lines in the same order, and the runner's own work between them.
import {type Pipeline, type PipelineStep, pipelines} from '../pipelines.ts'
import {actions, pinned} from './actions.ts'
import {commandLine, stepLine, variableOf} from './commandLine.ts'
import type {WorkflowStep} from './workflow.ts'

/** What a fleet file says that matters to workflows. */
export interface WorkflowFleet {
  /** Relative to the checkout. */
  fleetPath: string
  /** Names of the secrets of its servers. */
  secrets: readonly string[]
  /** Names of the secrets for notifications about the end of a run, for each environment that has recipients. */
  notifies: Readonly<Record<string, readonly string[]>>
}

export interface PipelineSteps {
  pipeline: keyof typeof pipelines
  environment: string
  fleet: WorkflowFleet
  /** Flags of the pipeline with the expression that gives their value. */
  given?: Readonly<Record<string, string>>
  /** Only when this holds; absent, always. */
  when?: string
  /** What is looked at after a step of the pipeline, by that step's name. */
  after?: Readonly<Record<string, WorkflowStep>>
}

/** Once the run has a journal, whatever happened since. */
const begun = "always() && steps.begin.outcome == 'success'"

/** Never on a run whose journal does not say what failed: the rollback would take it for one that was asked for by hand. */
const settledBadly = "(failure() || cancelled()) && steps.settle.outcome == 'success'"

/** The id of the step from which on there is something to put right. */
const changes = 'changes'
const changedBadly = `${settledBadly} && steps.${changes}.outcome != 'skipped'`

/** At the end of a pipeline, after its own steps were settled. */
const settledCancelled = "cancelled() && steps.settle.outcome == 'success'"

const runFlag = '--run "$SEAWORTHY_RUN"'

export function pipelineSteps({pipeline: name, environment, fleet, given = {}, when, after = {}}: PipelineSteps) {
  const pipeline: Pipeline = pipelines[name]
  const where = {environment, fleetPath: fleet.fleetPath}
  const destinations = fleet.notifies[environment]
  const fleetFlags = ['--env', environment, '--fleet', fleet.fleetPath]
  const play = (steps: readonly PipelineStep[], condition?: string): WorkflowStep[] =>
    steps
      .filter(({tells}) => tells !== 'people' || destinations !== undefined)
      .flatMap(one => [stepOf(one, condition), ...(after[one.step] === undefined ? [] : [after[one.step]])])
      .filter(step => step !== undefined)
  const stepOf = (one: PipelineStep, condition?: string): WorkflowStep => {
    // Without a token there is nothing to report to, so the step is not started.
    const told = one.tells === 'GitHub' ? [condition ?? 'success()', "github.token != ''"].join(' && ') : condition
    const env = {
      // A step has no secret but those that it cannot do without.
      ...(one.needsSecrets ? secretVariables(fleet.secrets) : {}),
      ...(one.tells === 'people' ? secretVariables(destinations ?? []) : {}),
      ...(one.tells === 'GitHub' ? token : {}),
      ...takenVariables(one, given),
    }
    return {
      name: one.title,
      ...(one.step === pipeline.changesFrom ? {id: changes} : {}),
      ...(told === undefined ? {} : {if: told}),
      run: stepLine(one, where, Object.keys(given)),
      ...(Object.keys(env).length > 0 ? {env} : {}),
      // A failed notification does not fail the run.
      ...(one.tells === undefined ? {} : {'continue-on-error': true}),
    }
  }
  const begin: WorkflowStep = {
    name: 'Name the run and begin its journal',
    id: 'begin',
    ...(when === undefined ? {} : {if: when}),
    run: commandLine('pipelines/begin.ts', [name, ...fleetFlags]),
  }
  const settle: WorkflowStep = {
    name: 'Write down what ended without a last word',
    id: 'settle',
    if: begun,
    run: commandLine('pipelines/settle.ts', [...fleetFlags, runFlag, '--status', '"$JOB_STATUS"']),
    env: {JOB_STATUS: '${{ job.status }}'},
  }
  const end: WorkflowStep = {
    name: 'Say how the run ended',
    if: begun,
    run: commandLine('pipelines/end.ts', [...fleetFlags, runFlag]),
  }
  return [
    begin,
    ...play(pipeline.steps, when),
    settle,
    ...play(pipeline.onCancel ?? [], settledCancelled),
    ...play(pipeline.onFailure, pipeline.changesFrom === undefined ? settledBadly : changedBadly),
    ...play(pipeline.always, begun),
    keep(name),
    end,
  ]
}

const token = {GITHUB_TOKEN: '${{ github.token }}'}

/** Secrets as variables of a step. */
export function secretVariables(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map(name => [name, `\${{ secrets.${name} }}`]))
}

function takenVariables({takes = []}: PipelineStep, given: Readonly<Record<string, string>>): Record<string, string> {
  const taken = takes.filter(flag => given[flag] !== undefined)
  return Object.fromEntries(taken.map(flag => [variableOf(flag), given[flag] ?? '']))
}

function keep(name: string): WorkflowStep {
  return {
    name: 'Keep the journal and the reports',
    if: begun,
    uses: pinned(actions.uploadArtifact),
    with: {
      name: `run-${name}-\${{ github.run_id }}-\${{ github.run_attempt }}`,
      path: '.runs/${{ steps.begin.outputs.run }}',
      'include-hidden-files': true,
      'if-no-files-found': 'error',
      'retention-days': 90,
    },
  }
}
