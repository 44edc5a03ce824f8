// What /health and /health/ready answer.
import type {Bridge} from '../bridge.ts'
import type {ProviderView} from '../providers/registry.ts'
import {version} from '../version.ts'

export type HealthReport = {
  /** `ok`: the bridge answers MCP. Whether a provider answers is `ready`. */
  status: 'ok' | 'stopping'
  ready: boolean
  /** Why not; null when it is. */
  ready_reason: string | null
  version: string
  uptime_seconds: number
  providers: {
    total: number
    reachable: number
    healthy: number
    details: {
      provider_id: string
      status: string
      reason: string | null
      circuit_breaker_state: string
      checked_at: string | null
    }[]
  }
}

/**
 * The report from what is known now, never with a key. With `detailed` false also without reasons, which name variables
 * and addresses: these are for callers who presented the bridge's key, where it has one.
 */
export function healthReport(bridge: Bridge, stopping: boolean, detailed: boolean): HealthReport {
  const views = bridge.registry.known()
  const readyReason = stopping ? 'the bridge is stopping' : notReadyReason(views, detailed)
  return {
    status: stopping ? 'stopping' : 'ok',
    ready: readyReason === null,
    ready_reason: readyReason,
    version,
    uptime_seconds: Math.round(process.uptime()),
    providers: {
      total: views.length,
      reachable: bridge.registry.providers.filter(provider => provider.health.last().reachable).length,
      healthy: views.filter(view => view.status === 'healthy').length,
      details: views.map(view => ({
        provider_id: view.name,
        status: view.status,
        reason: detailed ? view.reason : null,
        circuit_breaker_state: view.breakerState,
        checked_at: view.checkedAt,
      })),
    },
  }
}

function notReadyReason(views: ProviderView[], detailed: boolean): string | null {
  if (views.some(view => view.models.some(model => model.available))) return null
  const reasons = detailed ? `: ${views.map(view => `${view.name}: ${view.reason}`).join('; ')}` : ''
  return `none of ${views.length} providers can serve a model now${reasons}`
}
