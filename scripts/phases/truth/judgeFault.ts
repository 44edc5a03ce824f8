// Judges whether the probe that the fleet file configures saw a fault, and names the shallowest one that can.

import {worst} from '../../lib/errors/verdict.ts'
import type {FleetServer} from '../../lib/fleet/resolveFleet.ts'
import type {Check} from '../phase.ts'
import type {FaultSeen} from './faultSeen.ts'

/** One check for each kind of fault; a server may have several secrets or dependencies. */
export function judgeFaults(faults: readonly FaultSeen[], settings: FleetServer): Check[] {
  return [...Map.groupBy(faults, ({name}) => name)].map(([name, seen]) => {
    const checks = seen.map(fault => judgeFault(fault, settings))
    const verdict = checks.every(check => check.verdict === 'skip') ? 'skip' : worst(checks.map(check => check.verdict))
    const decisive = checks.filter(check => check.verdict === verdict)
    const byTime = decisive.every(check => check.byTime === true)
    return {...decisive[0], name, verdict, detail: decisive.map(({detail}) => detail).join('; '), byTime}
  })
}

export function judgeFault(fault: FaultSeen, settings: FleetServer): Check {
  const {name, skipped} = fault
  if (skipped !== undefined) return {name, verdict: 'skip', detail: `${what(fault)}: ${skipped}`}
  if (fault.void !== undefined)
    return {
      name,
      verdict: 'inconclusive',
      detail: `${what(fault)}, but that shows nothing: ${fault.void}`,
      byTime: fault.late,
      remedy: 'see the ladder of this server, and its log in the journal',
    }
  const retried = fault.retried === undefined ? [] : [`not healthy at first, looked again: ${fault.retried}`]
  const evidence = fault.rungs.map(({ok, name: rung, ms, summary}) => `${ok ? '✓' : '✗'} ${rung} ${ms} ms  ${summary}`)
  const numbers = {
    value: fault.noticedAfterMs ?? 'unseen',
    unit: 'ms',
    evidence: [...retried, ...evidence].join('\n'),
  }
  return {name, ...numbers, ...(fault.wanted === 'endure' ? endured(fault) : noticed(fault, settings))}
}

type Judged = Pick<Check, 'verdict' | 'detail' | 'remedy'>

function noticed(fault: FaultSeen, settings: FleetServer): Judged {
  const {probe, health} = settings
  const failed = fault.rungs.find(rung => !rung.ok && rung.name !== 'http')
  const path = fault.rungs.find(rung => rung.name === 'http')
  const green = health !== undefined && path?.ok === true ? `; ${health} stayed green` : ''
  // A monitor that has no probe to make asks the health path, where there is one.
  const sees = probe === undefined && health !== undefined ? path?.ok !== true : failed !== undefined
  const shallowest = path?.ok === false ? `GET ${health}` : (failed?.name ?? fault.call)
  if (sees)
    return {
      verdict: 'pass',
      detail: `${what(fault)}: noticed at ${shallowest} after ${fault.noticedAfterMs} ms${green}${recovered(fault)}`,
    }
  const configured = probe === undefined ? (health ?? 'tools/list') : `the probe ${probe.tool}`
  const open = fault.open === true ? '; and it answers those who present no secret' : ''
  return {
    verdict: 'fail',
    detail: `${what(fault)}, and ${configured} stayed green${open}; ${
      shallowest === undefined ? 'nothing that is declared notices' : `the shallowest that notices is ${shallowest}`
    }${recovered(fault)}`,
    remedy: remedyOf(fault, shallowest),
  }
}

function remedyOf({open, call}: FaultSeen, shallowest: string | undefined): string {
  if (open === true) return 'let it refuse to start without the secret'
  if (shallowest === undefined) return 'declare as probe: a safe call that needs what was broken'
  return call === undefined
    ? 'declare as probe: one safe tool call, and let monitors ask /<server>/health of the ingress'
    : 'let the probe need what was broken, or watch that by other means and accept this'
}

function endured(fault: FaultSeen): Judged {
  const failed = fault.rungs.find(rung => !rung.ok && rung.name !== 'http')
  if (failed === undefined) return {verdict: 'pass', detail: `${what(fault)}: it goes on answering`}
  return {
    verdict: 'fail',
    detail: `${what(fault)}, which is said to be optional, and it fails at ${failed.name}: ${failed.summary}`,
    remedy: 'give calls to it a deadline below limits.healthMs, or say required: true',
  }
}

function what({told, subject}: FaultSeen): string {
  return subject === undefined ? told : `${told} ${subject}`
}

function recovered({recovery}: FaultSeen): string {
  if (recovery === undefined) return ''
  const {since, afterMs, waitedMs} = recovery
  const from = since === 'fault' ? 'by itself' : 'once it was over'
  return afterMs === undefined
    ? `; did not recover ${from} within ${waitedMs} ms`
    : `; recovered ${from} after ${afterMs} ms`
}
