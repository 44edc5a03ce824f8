// Matches the lines of a stdio server to the requests that wait for them, and tells each as an exchange.
import {elapsedMs} from './elapsedMs.ts'
import type {Exchange} from './exchange.ts'
import {isResponse, isRpcMessage, type RequestId, type RpcMessage} from './jsonRpc.ts'
import type {Transport} from './transportFault.ts'
import type {SendOptions, Wire} from './wire.ts'

/** The exchanges of one process: `take` is given its lines, `end` is told when it can answer no more. */
export type StdioExchanges = {
  send: Wire['send']
  take: (line: string) => void
  end: (transport: Transport, error: string) => void
}

type Waiting = {
  seen: Exchange
  onMessage?: SendOptions['onMessage']
  finish: (transport: Transport, error?: string) => void
}

/** Makes the exchanges over `write`, which sends one line. What is not JSON-RPC on stdout is kept as `text`. */
export function stdioExchanges(write: (line: string) => void): StdioExchanges {
  const waiting = new Map<RequestId, Waiting>()
  let ended: {transport: Transport; error: string} | undefined

  const send: Wire['send'] = (message, {timeoutMs, signal, onMessage}) => {
    const startedAt = performance.now()
    const seen: Exchange = {transport: 'ok', headers: {}, messages: [], text: '', streamEnded: false, bytes: 0, ms: 0}
    return new Promise(resolve => {
      const id = message.method === undefined ? undefined : (message.id ?? undefined)
      const finish = (transport: Transport, error?: string) => {
        clearTimeout(deadline)
        signal?.removeEventListener('abort', onAbort)
        if (id !== undefined) waiting.delete(id)
        resolve({...seen, transport, error, ms: elapsedMs(startedAt)})
      }
      const onAbort = () => finish('cancelled', 'cancelled by the caller')
      const deadline = setTimeout(() => finish('deadline', `no answer within ${timeoutMs} ms`), timeoutMs)
      if (ended) return finish(ended.transport, ended.error)
      if (signal?.aborted) return onAbort()
      signal?.addEventListener('abort', onAbort)
      write(JSON.stringify(message))
      if (id === undefined) finish('ok')
      else waiting.set(id, {seen, onMessage, finish})
    })
  }

  const take = (line: string) => {
    if (line.trim() === '') return
    const message = parse(line)
    const answered = message && isResponse(message) ? waiting.get(message.id ?? '') : undefined
    // A line that names no request may belong to any that waits, so all of them show it.
    for (const one of answered ? [answered] : waiting.values()) {
      one.seen.bytes += line.length
      if (message) one.seen.messages.push(message)
      else one.seen.text = `${one.seen.text}${line}\n`.slice(0, 4096)
    }
    const asked = message && !answered ? waiting.values().next().value : undefined
    if (message) (answered ?? asked)?.onMessage?.(message)
    answered?.finish('ok')
  }

  const end = (transport: Transport, error: string) => {
    ended ??= {transport, error}
    for (const one of [...waiting.values()]) one.finish(transport, error)
  }
  return {send, take, end}
}

function parse(line: string): RpcMessage | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isRpcMessage(value) ? value : undefined
  } catch {
    // A line of a program that is no message is passed over, as the specification says.
    return undefined
  }
}
