// A fleet for each step of the pipeline in which that step takes long enough to be met in its middle.
import {healthy, type RigOptions} from '../rigFleet.ts'

const long = {tool: 'echo', arguments: {message: 'ahoy', waitMs: 20_000}}

/** Steps that are over too soon to be met by name are met while they start. */
export const windows: Record<string, RigOptions> = {
  '10-preflight': {},
  '20-build': {
    servers: {
      slow: {...healthy, source: {folder: 'servers/slow', build: ['sh', '-c', 'cp *.mjs "$OUTPUT"; sleep 60']}},
    },
  },
  '40-plan': {},
  '60-deploy': {
    servers: {good: healthy, late: {fixture: 'never-listens', probe: healthy.probe}},
    limits: {startupSeconds: 60},
  },
  '70-health': {limits: {steadySeconds: 60}},
  '80-verify': {servers: {good: {...healthy, calls: [long]}}, client: {timeoutMs: 30_000}},
}

/** How long after its beginning a step is in its middle. */
export function inTheMiddleMs(step: string): number {
  return ['10-preflight', '40-plan'].includes(step) ? 0 : 600
}
