// Mutations of answers: what a call comes to, and how it is carried.
import {setTimeout as pause} from 'node:timers/promises'
import {jsonReply, messagesOf, sseReply, withBody} from './answers.ts'
import type {Make} from './listMutations.ts'
import type {Json, Reply, Writes} from './mutation.ts'
import {changedAt} from './pointer.ts'

/** Changes the reply of the server. */
const reply =
  (change: (reply: Reply, options: Json) => Reply | Writes): Make =>
  options => ({around: async (_asked, next) => change(await next(), options)})

const told =
  (change: (message: Json, options: Json) => Json | undefined): Make =>
  options => ({tell: message => change(message, options)})

/** Headers of an answer without those that speak of its body. */
const kept = ({headers}: Reply) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'content-type'))

export const answerMutations: Record<string, Make> = {
  /** HTTP 200, a priming event, the end of the stream. */
  swallow: reply(found => ({
    status: 200,
    headers: {...kept(found), 'content-type': 'text/event-stream'},
    body: Buffer.from('id: 1\ndata: \n\n'),
  })),
  /** The answer has the id of another request. */
  'other-id': told(message => ({
    ...message,
    id: typeof message.id === 'number' ? message.id + 1000 : `${message.id}-other`,
  })),
  /** The result that the request before this one got. */
  'earlier-result': () => {
    let before: unknown
    return {
      tell: message => {
        const now = message.result
        const mixed = before === undefined ? message : {...message, result: before}
        if (now !== undefined) before = now
        return mixed
      },
    }
  },
  'hide-error': told(
    message => changedAt(message, '/result/isError', found => (found === true ? undefined : found)) as Json,
  ),
  'error-as-text': told(message => {
    const error = message.error as {message?: string} | undefined
    if (error === undefined) return message
    return {
      jsonrpc: '2.0',
      id: message.id,
      result: {resultType: 'complete', content: [{type: 'text', text: `Error: ${error.message}`}]},
    }
  }),
  /** Every result becomes this JSON-RPC error. */
  'rpc-error': told((message, {code, text}) => ({jsonrpc: '2.0', id: message.id, error: {code, message: text}})),
  'tool-error': told((message, {text}) =>
    message.result === undefined
      ? message
      : {
          ...message,
          result: {
            ...(message.result as Json),
            isError: true,
            structuredContent: undefined,
            content: [{type: 'text', text}],
          },
        },
  ),
  /** A result with so much more text. */
  enlarge: told((message, {bytes}) =>
    message.result === undefined
      ? message
      : (changedAt(message, '/result/content/-', () => ({type: 'text', text: 'x'.repeat(Number(bytes))})) as Json),
  ),
  delay: options => ({
    around: async (_asked, next) => {
      await pause(Number(options.ms))
      return next()
    },
  }),
  hang: () => ({around: async () => () => undefined}),
  status: reply((found, {from, to}) => (found.status === from ? {...found, status: Number(to)} : found)),
  /** Sets a header of the answer, or takes it away where there is no value. */
  header: reply((found, {name, value}) => {
    const others = Object.entries(found.headers).filter(([key]) => key !== name)
    return {
      ...found,
      headers: Object.fromEntries(value === undefined ? others : [...others, [String(name), String(value)]]),
    }
  }),
  /** Half of the answer, and then the connection breaks. */
  cut: reply(found => response => {
    response.writeHead(found.status, {...found.headers, 'content-length': found.body.length})
    response.write(found.body.subarray(0, Math.floor(found.body.length / 2)), () => response.destroy())
  }),
  /** An answer that never ends. */
  endless: reply(found => response => {
    response.writeHead(200, {...kept(found), 'content-type': 'text/event-stream'})
    const timer = setInterval(() => response.write(`: ${'still here '.repeat(2000)}\n\n`), 1)
    response.on('close', () => clearInterval(timer))
  }),
  'not-json': reply(found =>
    withBody({...found, headers: {...found.headers, 'content-type': 'application/json'}}, '{"jsonrpc":'),
  ),
  /** Answers in place of the server, which hears nothing of it. */
  replace: ({status, value}) => ({ofStreams: true, around: async () => jsonReply(Number(status), value)}),
  'as-json': reply(found => {
    const [message, ...others] = messagesOf(found)
    return message === undefined || others.length > 0 ? found : jsonReply(found.status, message, kept(found))
  }),
  'as-sse': reply(found => {
    const messages = messagesOf(found)
    return found.status === 200 && messages.length > 0 ? sseReply(messages, kept(found)) : found
  }),
  /** Comments, an event without data, and lines that end in CR LF: all lawful in a stream. */
  'sse-comments': reply(found =>
    found.headers['content-type']?.startsWith('text/event-stream')
      ? withBody(found, `: keep-alive\n\nid: 0\ndata:\n\n${found.body}: bye\n\n`)
      : found,
  ),
  /** Spaces and another order of keys. */
  pretty: reply(found => {
    const [message] = messagesOf(found)
    if (message === undefined || found.headers['content-type']?.includes('json') !== true) return found
    return withBody(found, JSON.stringify(Object.fromEntries(Object.entries(message).reverse()), null, 2))
  }),
}
