// What the witness is told of one server: where clients reach it, and what they ask of it.
import type {JsonObject} from '../mcp/jsonRpc.ts'
import type {Era} from '../mcp/protocol.ts'

/** One tool call. `expect` returns what is wrong with a result, empty when nothing is. */
export type ToolUse = {tool: string; arguments?: JsonObject; expect?: (result: JsonObject) => string[]}

/**
 * A tool whose effects can be counted, as plain data. In `arguments`, `{id}` stands for an id that is never used twice;
 * in `clean.arguments`, a value that is exactly `{ids}` stands for the list of all ids that were found.
 */
export type Counter = {
  tool: string
  arguments: JsonObject
  /** How the effects are read back: `ids` is a JSONPath into the result; every id in the text it selects is one effect. */
  read: {tool: string; arguments?: JsonObject; ids: string}
  /**
   * For a tool that does nothing the second time: a JSONPath into the answer of the call itself that selects the id only
   * when this execution had the effect. Where it selects nothing, the effect was there before the call that we sent.
   */
  first?: string
  /** Removes the effects again. */
  clean?: {tool: string; arguments: JsonObject}
  /** Effects per second; default 5, or a tenth of all calls where that is less. */
  perSecond?: number
}

/** One server under witness. `url` is the address that clients use, through the ingress. */
export type WitnessTarget = {
  server: string
  url: string
  headers?: {[name: string]: string}
  /** The eras that it is asked in; default both. One that it does not speak is skipped with the server's own words. */
  eras?: readonly Era[]
  /** The safe call that all callers make; `tools/list` where none is declared. */
  probe?: ToolUse
  /** A safe call that takes long, so that sessions have one in flight at every moment; default the probe. */
  longCall?: ToolUse
  counter?: Counter
  /** Deadline of each request, as the server's clients have it. */
  timeoutMs: number
}
