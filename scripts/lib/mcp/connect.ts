// Opens a server over any wire and builds the client for the era it was found to speak.
import {type CallToolOptions, callTool, type RequestOptions} from './callTool.ts'
import {legacyHeaders, type Opening, openEra} from './era.ts'
import {isServerRequest, type JsonObject, type RpcMessage} from './jsonRpc.ts'
import {judgeExchange} from './judgeExchange.ts'
import {listTools, type ToolList} from './listTools.ts'
import {modernHeaders, modernParams} from './modernRequest.ts'
import type {Outcome} from './outcome.ts'
import type {Era} from './protocol.ts'
import type {SchemaCheck} from './schemaCheck.ts'
import type {Closed, Wire} from './wire.ts'

/** A client of one opened server. No function throws for what the server does. */
export type McpClient = {
  era: Era
  protocolVersion: string
  serverInfo?: JsonObject
  serverCapabilities: JsonObject
  instructions?: string
  sessionId?: string
  supportedVersions: string[]
  /** The outcome of the request that opened the server, and its time. */
  opened: Outcome
  /** Any request of the protocol; ids are never used twice. */
  request(method: string, params?: JsonObject, options?: RequestOptions): Promise<Outcome>
  /** Every page of `tools/list`, at most 50. */
  listTools(options?: {timeoutMs?: number; signal?: AbortSignal}): Promise<ToolList>
  /** One `tools/call`. Schemas default to those of the last `listTools`. */
  callTool(name: string, values: JsonObject, options?: CallToolOptions): Promise<Outcome>
  /** Legacy only: the modern era has no ping. */
  ping?: (options?: {timeoutMs?: number}) => Promise<Outcome>
  /** Ends the session (DELETE in the legacy era) or the child process. Safe to call twice. */
  close(): Promise<Closed>
}

/** Either an open client, or why there is none. `asked` holds every request that was tried, in order. */
export type OpenResult =
  | {ok: true; client: McpClient; outcome: Outcome; asked: Outcome[]}
  | {ok: false; outcome: Outcome; asked: Outcome[]}

/** How to open a server over a wire. */
export type ConnectOptions = {era?: 'auto' | Era; timeoutMs: number; signal?: AbortSignal; capabilities?: JsonObject}

/** Opens the server behind `wire`; closes the wire again when that fails. */
export async function connect(wire: Wire, options: ConnectOptions): Promise<OpenResult> {
  const {era = 'auto', timeoutMs, signal, capabilities = {}} = options
  let lastId = 0
  const nextId = () => ++lastId
  const {opening, abandoned, outcome, asked} = await openEra(wire, {era, capabilities, timeoutMs, signal, nextId})
  if (!opening) {
    const headers = abandoned ? legacyHeaders(abandoned) : {}
    await wire.close({headers, sessionId: abandoned?.sessionId})
    return {ok: false, outcome, asked}
  }
  return {
    ok: true,
    client: clientOf(wire, opening, {...options, capabilities, nextId, opened: outcome}),
    outcome,
    asked,
  }
}

type ClientParts = ConnectOptions & {capabilities: JsonObject; nextId: () => number; opened: Outcome}

function clientOf(wire: Wire, opening: Opening, parts: ClientParts): McpClient {
  const modern = opening.era === 'modern'
  const notices = new Set<Promise<unknown>>()
  let closed: Promise<Closed> | undefined

  // Answers and cancellations need no reply, so nobody waits for them except close().
  const sendAside = (message: RpcMessage) => {
    const sent = wire.send(message, {timeoutMs: 1000, headers: legacyHeaders(opening)})
    notices.add(sent)
    void sent.finally(() => notices.delete(sent))
  }
  const onMessage = (message: RpcMessage) => {
    if (modern || !isServerRequest(message)) return
    const known = message.method === 'ping'
    const error = {code: -32601, message: `this client does not offer ${message.method}`}
    sendAside({jsonrpc: '2.0', id: message.id, ...(known ? {result: {}} : {error})})
  }
  const request = async (method: string, params: JsonObject = {}, options: RequestOptions = {}): Promise<Outcome> => {
    const id = parts.nextId()
    const what = typeof params.name === 'string' ? `${method} ${params.name}` : method
    const signals = [parts.signal, options.signal].filter(one => one !== undefined)
    const exchange = await wire.send(
      {jsonrpc: '2.0', id, method, params: modern ? modernParams(params, parts.capabilities) : params},
      {
        timeoutMs: options.timeoutMs ?? parts.timeoutMs,
        signal: signals.length > 0 ? AbortSignal.any(signals) : undefined,
        headers: modern ? modernHeaders(method, params, options.inputSchema) : legacyHeaders(opening),
        onMessage,
      },
    )
    // A modern server must stop when the stream closes; a legacy one goes on unless it is told (2025-11-25, "Cancellation").
    if (!modern && (exchange.transport === 'deadline' || exchange.transport === 'cancelled')) {
      sendAside({
        jsonrpc: '2.0',
        method: 'notifications/cancelled',
        params: {requestId: id, reason: exchange.transport},
      })
    }
    return judgeExchange(exchange, {what, id, outputCheck: options.outputCheck})
  }
  const tools = new Map<string, JsonObject>()
  const checks = new WeakMap<object, SchemaCheck>()
  return {
    ...opening,
    opened: parts.opened,
    request,
    async listTools(options) {
      const list = await listTools(request, options)
      tools.clear()
      for (const tool of list.tools) tools.set(tool.name, tool)
      return list
    },
    callTool: (name, values, options) => callTool(request, {name, values, listed: tools.get(name), checks}, options),
    ping: modern ? undefined : options => request('ping', {}, options),
    close() {
      closed ??= Promise.all(notices).then(() =>
        wire.close({headers: modern ? {} : legacyHeaders(opening), sessionId: opening.sessionId}),
      )
      return closed
    },
  }
}
