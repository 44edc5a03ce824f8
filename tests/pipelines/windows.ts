// A fleet for each step of the pipeline in which that step takes long enough to be met in its middle.
import {pipelines} from '../../pipelines/pipelines.ts'
import {healthy, type RigOptions} from '../rigFleet.ts'

const long = {tool: 'echo', arguments: {message: 'ahoy', waitMs: 20_000}}

const made: Record<string, RigOptions> = {
  '20-build': {
    servers: {
      slow: {...healthy, source: {folder: 'servers/slow', build: ['sh', '-c', 'cp *.mjs "$OUTPUT"; sleep 60']}},
    },
  },
  '60-deploy': {
    servers: {good: healthy, late: {fixture: 'never-listens', probe: healthy.probe}},
    limits: {startupSeconds: 60},
  },
  '70-health': {limits: {steadySeconds: 60}},
  '80-verify': {servers: {good: {...healthy, calls: [long]}}, client: {timeoutMs: 30_000}},
}

/** Every step of the pipeline `staging` with such a fleet; a step that is over soon has a fleet like any other. */
export const windows: [step: string, fleet: RigOptions][] = pipelines.staging.steps
  .filter(one => !('tells' in one))
  .map(({step}) => [step, made[step] ?? {}])

export function windowOf(step: string): RigOptions {
  return made[step] ?? {}
}

/** How long after its beginning a step is in its middle. */
export function inTheMiddleMs(step: string): number {
  return step in made ? 600 : 0
}
