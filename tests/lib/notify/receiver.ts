// Somebody who is told, on loopback: keeps what came, and answers, refuses, hangs, or never stops answering.
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

export type Manner = 'well' | 'hangs' | 'endless' | 'leads elsewhere' | 'cuts' | number

export interface Receiver {
  /** Its address with a path that is a secret. */
  url: string
  /** Address without a path. */
  origin: string
  came: {path: string; body: Record<string, unknown>}[]
}

export const secretPath = '/services/T000/B000/correcthorsebattery'

export async function receiver(test: TestContext, manner: Manner = 'well'): Promise<Receiver> {
  const came: Receiver['came'] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request.setEncoding('utf8')) body += part
    came.push({path: request.url ?? '', body: JSON.parse(body)})
    if (manner === 'hangs') return
    if (manner === 'cuts') return void request.socket.destroy()
    if (manner === 'leads elsewhere') return void response.writeHead(307, {location: '/elsewhere'}).end()
    if (typeof manner === 'number') return void response.writeHead(manner).end(`no: ${request.url}`)
    response.writeHead(200)
    if (manner === 'well') return void response.end('ok')
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', more)
    more()
  })
  server.listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  test.after(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {url: `${origin}${secretPath}`, origin, came}
}
