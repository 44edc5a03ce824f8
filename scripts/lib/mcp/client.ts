// Opens an MCP server over HTTP, in either era, and gives a client that tells the outcome of every request.
import type {Agent} from 'node:http'
import {connect, type OpenResult} from './connect.ts'
import {httpWire} from './httpWire.ts'
import type {JsonObject} from './jsonRpc.ts'
import type {Era} from './protocol.ts'

/** How to open a server over HTTP. `timeoutMs` is the deadline of each request, unless one has its own. */
export type OpenMcpOptions = {
  url: string
  era?: 'auto' | Era
  headers?: {[name: string]: string}
  timeoutMs: number
  signal?: AbortSignal
  /** What this client declares it can do; a server may list other tools for another declaration. Default: nothing. */
  capabilities?: JsonObject
  maximumBytes?: number
  agent?: Agent
}

/**
 * Opens the server at `url`. Never throws for what the server does: `{ok: false, outcome}` tells why it could not be
 * opened. The caller closes the client.
 */
export function openMcp(options: OpenMcpOptions): Promise<OpenResult> {
  return connect(httpWire(options), options)
}
