// Climbs the health ladder of one server at one of its addresses, as the fleet file bounds it.
import {judgeExpectation} from '../lib/expect/judgeExpectation.ts'
import type {JsonObject} from '../lib/mcp/jsonRpc.ts'
import {type Climb, climb} from '../lib/mcp/ladder.ts'
import type {InstanceServer} from '../lib/target/instance.ts'
import {boundsOf} from './clientOf.ts'
import type {PhaseContext} from './phase.ts'

/** One climb against one address of a server, to its declared probe. */
export function climbServer(
  server: InstanceServer,
  url: string,
  context: Pick<PhaseContext, 'secrets' | 'signal'>,
  healthPath?: string,
  timeoutMs = Number.POSITIVE_INFINITY,
): Promise<Climb> {
  const {probe, limits} = server.settings
  return climb({
    ...boundsOf(server, context),
    timeoutMs: Math.min(timeoutMs, limits.healthMs, server.settings.client.timeoutMs),
    url,
    healthPath,
    probe: probe && {tool: probe.tool, arguments: probe.arguments as JsonObject},
    expect: probe && (outcome => judgeExpectation(outcome, probe.expect)),
  })
}
