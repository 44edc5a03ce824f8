// How many requests the live ingress has passed to each server: what its own clients did while a rehearsal went on.
import type {Instance} from '../target/instance.ts'

/** Requests by server, counted by the ingress since its start; empty when nothing is live or it does not answer. */
export type Traffic = Record<string, number>

const answerWithinMs = 2000
const line = /^ingress_requests_total\{([^}]*)\} (\d+)/gm

export async function liveTraffic(instance: Instance | undefined): Promise<Traffic> {
  if (instance === undefined) return {}
  try {
    const answer = await fetch(`${instance.ingress.url}/metrics`, {signal: AbortSignal.timeout(answerWithinMs)})
    return countByServer(await answer.text())
  } catch {
    // Not to know is told as no traffic, so that a change of state is blamed on the rehearsal rather than excused.
    return {}
  }
}

/** Adds up the counter over everything but the server; pure, from the text of /metrics. */
export function countByServer(metrics: string): Traffic {
  const counts: Traffic = {}
  for (const [, labels = '', value] of metrics.matchAll(line)) {
    const server = /server="([^"]*)"/.exec(labels)?.[1]
    if (server !== undefined) counts[server] = (counts[server] ?? 0) + Number(value)
  }
  return counts
}

/** Servers that were called between two looks. */
export function calledBetween(before: Traffic, after: Traffic): string[] {
  return Object.keys(after).filter(server => (after[server] ?? 0) !== (before[server] ?? 0))
}
