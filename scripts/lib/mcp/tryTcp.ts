// Tries whether a port takes a connection.
import net from 'node:net'
import {elapsedMs} from './elapsedMs.ts'
import {faultText, type Transport, transportFault} from './transportFault.ts'

/** What connecting came to. */
export type Connected = {transport: Transport; ms: number; error?: string}

/** Connects once and closes again. Never throws. */
export function tryTcp(options: {
  host: string
  port: number
  timeoutMs: number
  signal?: AbortSignal
}): Promise<Connected> {
  const {host, port, timeoutMs, signal} = options
  const startedAt = performance.now()
  return new Promise(resolve => {
    const socket = net.connect({host, port})
    const finish = (transport: Transport, error?: string) => {
      clearTimeout(deadline)
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve({transport, ms: elapsedMs(startedAt), error})
    }
    const onAbort = () => finish('cancelled', 'cancelled by the caller')
    const deadline = setTimeout(() => finish('deadline', `no connection within ${timeoutMs} ms`), timeoutMs)
    socket.on('error', error => finish(transportFault(error), faultText(error)))
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort)
    socket.on('connect', () => finish('ok'))
  })
}
