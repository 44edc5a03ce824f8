// Reads the JSON-RPC messages of an HTTP answer, JSON or SSE, changes each, and writes it again in the same form.
import type {Json, Reply} from './mutation.ts'
import {parseObject} from './parseObject.ts'

/** Messages for which `change` gives undefined are left out. What is no JSON stays as it is. */
export function changeMessages(reply: Reply, change: (message: Json) => Json | undefined): Reply {
  const text = reply.body.toString()
  if (isSse(reply))
    return withBody(
      reply,
      text
        .split(/(?<=\n\n)/)
        .flatMap(event => changedEvent(event, change))
        .join(''),
    )
  if (text === '' || !reply.headers['content-type']?.includes('json')) return reply
  const parsed = parseObject(text)
  if (parsed === undefined) return reply
  const changed = change(parsed)
  return withBody(reply, changed === undefined ? '' : JSON.stringify(changed))
}

/** Every message in the answer. */
export function messagesOf(reply: Reply): Json[] {
  const found: Json[] = []
  changeMessages(reply, message => {
    found.push(message)
    return message
  })
  return found
}

export function withBody(reply: Reply, body: string | Buffer): Reply {
  return {...reply, body: Buffer.from(body)}
}

function isSse(reply: Reply): boolean {
  return reply.headers['content-type']?.startsWith('text/event-stream') ?? false
}

export function jsonReply(status: number, value: unknown, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: {'content-type': 'application/json', ...headers},
    body: Buffer.from(value === undefined ? '' : JSON.stringify(value)),
  }
}

export function sseReply(messages: readonly Json[], headers: Reply['headers'] = {}): Reply {
  const events = messages.map(message => `event: message\ndata: ${JSON.stringify(message)}\n\n`)
  return {status: 200, headers: {'content-type': 'text/event-stream', ...headers}, body: Buffer.from(events.join(''))}
}

function changedEvent(event: string, change: (message: Json) => Json | undefined): string[] {
  const lines = event.split('\n')
  const data = lines.flatMap(line => (line.startsWith('data:') ? [line.slice(5).trimStart()] : [])).join('\n')
  const parsed = parseObject(data)
  if (parsed === undefined) return [event]
  const changed = change(parsed)
  if (changed === undefined) return []
  const others = lines.filter(line => line !== '' && !line.startsWith('data:'))
  return [`${[...others, `data: ${JSON.stringify(changed)}`].join('\n')}\n\n`]
}
