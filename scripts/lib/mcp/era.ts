// Finds out which era a server speaks, by asking it, and opens it in that era.
import {isJsonObject, type JsonObject, type RpcMessage} from './jsonRpc.ts'
import {judgeExchange} from './judgeExchange.ts'
import {modernHeaders, modernParams} from './modernRequest.ts'
import {isGood, type Outcome, type OutcomeKind} from './outcome.ts'
import {clientInfo, type Era, isModernVersion, legacyVersions, modernVersion} from './protocol.ts'
import type {Wire} from './wire.ts'

/** What a server told of itself when it was opened. */
export type Opening = {
  era: Era
  protocolVersion: string
  serverInfo?: JsonObject
  serverCapabilities: JsonObject
  instructions?: string
  sessionId?: string
  /** The modern revisions a server offers; empty in the legacy era. */
  supportedVersions: string[]
}

/** How to open a server. `timeoutMs` holds for each request of the opening. */
export type OpeningOptions = {
  era: 'auto' | Era
  capabilities: JsonObject
  timeoutMs: number
  signal?: AbortSignal
  nextId: () => number
}

/** A session that the server made although opening it failed; it must still be ended. */
export type Abandoned = {protocolVersion: string; sessionId?: string}

/** What opening came to: `asked` holds every request in order, so that a refused era can be seen too. */
export type Opened = {opening?: Opening; abandoned?: Abandoned; outcome: Outcome; asked: Outcome[]}

/** After these there is no use in another question: nobody answers, or nobody may be asked. */
const final: OutcomeKind[] = [
  'refused',
  'dns',
  'tls',
  'unreachable',
  'deadline',
  'cancelled',
  'too-large',
  'auth-required',
  'not-started',
]

/** Errors of the modern era only (-32020 HeaderMismatch, -32021 MissingRequiredClientCapability). */
const modernErrors = [-32020, -32021]

/**
 * Opens a server. In `auto`, `server/discover` is asked first and the server is modern only if `supportedVersions` holds
 * a revision of 2026-07-28 or later: legacy servers answer it with 404 and -32601, the same bytes a modern server uses
 * for a method it does not know. In every other case `initialize` decides.
 */
export async function openEra(wire: Wire, options: OpeningOptions): Promise<Opened> {
  const asked: Outcome[] = []
  if (options.era !== 'legacy') {
    const shared = wire.kind === 'stdio' && options.era === 'auto'
    const discovered = await discover(wire, {...options, timeoutMs: shared ? options.timeoutMs / 2 : options.timeoutMs})
    asked.push(discovered.outcome)
    const {outcome} = discovered
    // A legacy stdio server may stay silent until it is initialized, which over HTTP only a hanging server does.
    const silent = wire.kind === 'stdio' && outcome.kind === 'deadline'
    const decided = (final.includes(outcome.kind) && !silent) || modernErrors.includes(outcome.error?.code ?? 0)
    if (discovered.opening || options.era === 'modern' || decided) return {...discovered, asked}
  }
  const initialized = await initialize(wire, options)
  asked.push(initialized.outcome)
  return {...initialized, asked}
}

type Attempt = {opening?: Opening; abandoned?: Abandoned; outcome: Outcome}

async function discover(wire: Wire, options: OpeningOptions): Promise<Attempt> {
  const id = options.nextId()
  const method = 'server/discover'
  const params = modernParams({}, options.capabilities)
  const exchange = await wire.send(
    {jsonrpc: '2.0', id, method, params},
    {...options, headers: modernHeaders(method, params)},
  )
  const outcome = judgeExchange(exchange, {what: method, id})
  const result = outcome.result
  if (outcome.kind !== 'result' || !result) return {outcome}
  const supportedVersions = Array.isArray(result.supportedVersions) ? result.supportedVersions.map(String) : []
  if (!supportedVersions.includes(modernVersion)) {
    const held = supportedVersions.some(isModernVersion) ? modernVersion : `a revision from ${modernVersion} on`
    return {
      outcome: {
        ...outcome,
        kind: 'wrong-era',
        summary: `${method}: supportedVersions ${JSON.stringify(supportedVersions)} does not hold ${held}`,
      },
    }
  }
  const meta = isJsonObject(result._meta) ? result._meta : {}
  const serverInfo = meta['io.modelcontextprotocol/serverInfo'] ?? result.serverInfo
  return {
    outcome,
    opening: {
      era: 'modern',
      protocolVersion: modernVersion,
      serverInfo: isJsonObject(serverInfo) ? serverInfo : undefined,
      serverCapabilities: isJsonObject(result.capabilities) ? result.capabilities : {},
      instructions: typeof result.instructions === 'string' ? result.instructions : undefined,
      supportedVersions,
    },
  }
}

async function initialize(wire: Wire, options: OpeningOptions): Promise<Attempt> {
  const id = options.nextId()
  const params = {protocolVersion: legacyVersions[0], capabilities: options.capabilities, clientInfo}
  const message: RpcMessage = {jsonrpc: '2.0', id, method: 'initialize', params}
  const exchange = await wire.send(message, options)
  const outcome = judgeExchange(exchange, {what: 'initialize', id})
  const result = outcome.result
  if (outcome.kind !== 'result' || !result) return {outcome}
  const {protocolVersion} = result
  const sessionId = exchange.headers['mcp-session-id']
  if (typeof protocolVersion !== 'string' || !(legacyVersions as readonly string[]).includes(protocolVersion)) {
    return {
      abandoned: {protocolVersion: legacyVersions[0], sessionId},
      outcome: {
        ...outcome,
        kind: 'wrong-era',
        summary: `initialize: protocolVersion ${JSON.stringify(protocolVersion)} is none of ${legacyVersions.join(', ')}`,
      },
    }
  }
  const opening: Opening = {
    era: 'legacy',
    protocolVersion,
    serverInfo: isJsonObject(result.serverInfo) ? result.serverInfo : undefined,
    serverCapabilities: isJsonObject(result.capabilities) ? result.capabilities : {},
    instructions: typeof result.instructions === 'string' ? result.instructions : undefined,
    sessionId,
    supportedVersions: [],
  }
  const notice = await wire.send(
    {jsonrpc: '2.0', method: 'notifications/initialized'},
    {...options, headers: legacyHeaders(opening)},
  )
  const noticed = judgeExchange(notice, {what: 'notifications/initialized'})
  return isGood(noticed) ? {outcome, opening} : {abandoned: opening, outcome: {...noticed, ms: noticed.ms + outcome.ms}}
}

/** The headers of every request after `initialize` (MCP 2025-11-25, basic/transports). */
export function legacyHeaders(opening: {protocolVersion: string; sessionId?: string}): {[name: string]: string} {
  const session = opening.sessionId === undefined ? undefined : {'Mcp-Session-Id': opening.sessionId}
  return {'MCP-Protocol-Version': opening.protocolVersion, ...session}
}
