// What a request to an MCP server can come to.
import type {JsonObject, RequestId, RpcError} from './jsonRpc.ts'
import type {SchemaCheck} from './schemaCheck.ts'
import type {Transport} from './transportFault.ts'

/** What a request came to. Only `result` (and `accepted`, for a notification) is success. */
export type OutcomeKind =
  | 'result'
  | 'accepted'
  | 'tool-error'
  | 'input-required'
  | 'rpc-error'
  | 'http-error'
  | 'auth-required'
  | 'no-response'
  | 'not-mcp'
  | 'bad-result'
  | 'wrong-era'
  | 'schema-mismatch'
  | 'schema-broken'
  | Exclude<Transport, 'ok'>

/** The meaning of one request, as plain data. `summary` is one sentence with its numbers. */
export type Outcome = {
  kind: OutcomeKind
  summary: string
  result?: JsonObject
  error?: RpcError
  status?: number
  ms: number
  bytes?: number
  firstByteMs?: number
  /** Where a redirect leads, as the server wrote it. */
  location?: string
  /** The first characters of an answer that was not MCP. */
  text?: string
}

/** What was asked: `what` names it in the summary; `id` is absent for a notification. */
export type Question = {what: string; id?: RequestId; outputCheck?: SchemaCheck}

/** True for the outcomes that are success. */
export function isGood(outcome: Outcome): boolean {
  return outcome.kind === 'result' || outcome.kind === 'accepted'
}
