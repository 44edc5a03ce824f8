// Every workflow file with its text, from the pipelines and from what the fleet file says.
import {defaultRoot} from '../../scripts/lib/fleet/resolveFleet.ts'
import {notifySecrets, serverSecrets} from '../../scripts/lib/fleet/secretNames.ts'
import {ci} from './ci.ts'
import {production} from './production.ts'
import {rollback} from './rollback.ts'
import {staging} from './staging.ts'
import {watch} from './watch.ts'
import {writtenWorkflow} from './writtenWorkflow.ts'

export interface WorkflowFile {
  name: string
  text: string
}

export interface FleetOfWorkflows {
  /** Relative to the checkout. */
  fleetPath: string
  /** The fleet file before variables were filled in. */
  raw: unknown
}

export function workflowFiles({fleetPath, raw}: FleetOfWorkflows): WorkflowFile[] {
  const fleet = {fleetPath, secrets: [...new Set(serverSecrets(raw))].sort(), notifies: notifying(raw)}
  return [
    {name: 'ci.yml', text: writtenWorkflow(ci, noServices)},
    {name: 'staging.yml', text: writtenWorkflow(staging(fleet))},
    {name: 'production.yml', text: writtenWorkflow(production(fleet))},
    {name: 'rollback.yml', text: writtenWorkflow(rollback(fleet, rootOf(raw)))},
    {name: 'watch.yml', text: writtenWorkflow(watch(fleet, isWatched(raw)))},
  ]
}

const noServices = [
  'There are no service containers: no test needs a database or another service. Tests start the servers that they',
  'talk to themselves, on 127.0.0.1 and free ports, and wait until each of them is healthy.',
]

/** The folder of production on its machine, as a shell writes it. */
function rootOf(raw: unknown): string {
  const {fleet = '', environments = {}} = raw as {fleet?: string; environments?: Record<string, {root?: string}>}
  return (
    environments.production?.root ??
    defaultRoot(fleet, 'production', {XDG_STATE_HOME: '${XDG_STATE_HOME:-$HOME/.local/state}'})
  )
}

function isWatched(raw: unknown): boolean {
  const {environments = {}} = raw as {environments?: Record<string, {watch?: unknown}>}
  return environments.production?.watch === true
}

function notifying(raw: unknown): Record<string, string[]> {
  const {environments = {}} = raw as {environments?: Record<string, unknown>}
  const told = Object.entries(environments).map(
    ([name, one]) => [name, [...new Set(notifySecrets(one))].sort()] as const,
  )
  return Object.fromEntries(told.filter(([, names]) => names.length > 0))
}
