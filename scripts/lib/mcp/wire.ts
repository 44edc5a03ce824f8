// What carries messages between the client and one server: HTTP or a child process.
import type {Exchange} from './exchange.ts'
import type {RpcMessage} from './jsonRpc.ts'

/** How one message is sent. `headers` are used over HTTP only. */
export type SendOptions = {
  timeoutMs: number
  signal?: AbortSignal
  headers?: {[name: string]: string}
  /** Called with each message as it arrives, before the exchange ends. */
  onMessage?: (message: RpcMessage) => void
}

/** A way to one server. Neither function throws. */
export type Wire = {
  kind: 'http' | 'stdio'
  /** Sends one message; for a request, waits until it is answered or the exchange has ended otherwise. */
  send(message: RpcMessage, options: SendOptions): Promise<Exchange>
  /** Ends the session on the server, or the server itself where it is our child. */
  close(options: {headers: {[name: string]: string}; sessionId?: string}): Promise<Closed>
}

/** What closing did: `status` of the DELETE over HTTP, `exitCode` and `stopSignal` of a child process. */
export type Closed = {sessionDeleted: boolean; status?: number; exitCode?: number | null; stopSignal?: string | null}
