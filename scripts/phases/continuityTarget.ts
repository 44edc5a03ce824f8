// Turns a server of an instance into what the witness watches, with the address, token and deadline of its clients.
import {judgeResult} from '../lib/expect/judgeExpectation.ts'
import type {JsonObject} from '../lib/mcp/jsonRpc.ts'
import type {InstanceServer} from '../lib/target/instance.ts'
import type {Counter, WitnessTarget} from '../lib/witness/target.ts'
import {headersOf} from './clientOf.ts'
import type {PhaseContext} from './phase.ts'

/** The target, through the ingress. A probe that is declared to fail bears no witness, so the tools are listed instead. */
export function witnessTarget(server: InstanceServer, context: Pick<PhaseContext, 'secrets'>): WitnessTarget {
  const {probe, client} = server.settings
  const declared = probe?.expect.outcome === 'result' ? probe : undefined
  // A schema would be compiled again for every call; the phase `calls` judges it.
  const expected = declared && {...declared.expect, schema: undefined}
  return {
    server: server.name,
    url: server.through,
    headers: headersOf(server, context),
    probe: declared &&
      expected && {
        tool: declared.tool,
        arguments: declared.arguments as JsonObject,
        expect: result => judgeResult(result, expected),
      },
    counter: server.settings.counter as Counter | undefined,
    timeoutMs: client.timeoutMs,
  }
}
