// The pipeline without the steps that would tell nobody, so that they are not even started.
import type {Flags} from '../scripts/lib/cli/flags.ts'
import type {Variables} from '../scripts/lib/fleet/variables.ts'
import {isWanted} from '../scripts/lib/notify/wanted.ts'
import type {Pipeline, PipelineStep} from './pipelines.ts'

export function wantedSteps(pipeline: Pipeline, flags: Flags, variables: Variables): Pipeline {
  const wanted = ({tells}: PipelineStep) =>
    tells === undefined || isWanted(tells, flags.fleetPath, flags.environment, variables)
  return {
    ...pipeline,
    steps: pipeline.steps.filter(wanted),
    onCancel: pipeline.onCancel?.filter(wanted),
    always: pipeline.always.filter(wanted),
  }
}

/** Whether the pipeline has somebody to tell who is not told. */
export function leavesOut(pipeline: Pipeline, wanted: Pipeline, tells: PipelineStep['tells']): boolean {
  const has = ({steps, always}: Pipeline) => [...steps, ...always].some(one => one.tells === tells)
  return has(pipeline) && !has(wanted)
}
