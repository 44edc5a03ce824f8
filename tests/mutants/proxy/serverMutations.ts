// Mutations of the server as a program: what it lets in, what it keeps, what it writes, when it comes up and goes.
import {createServer} from 'node:net'
import {setTimeout as pause} from 'node:timers/promises'
import {jsonReply} from './answers.ts'
import type {Make} from './listMutations.ts'
import {paramsOf} from './mutation.ts'

export const serverMutations: Record<string, Make> = {
  'slow-start': options => ({start: () => pause(Number(options.ms))}),
  /** Ends while it starts, again and again. */
  crashes: options => ({
    start: async () => {
      console.error(String(options.text))
      process.exit(1)
    },
  }),
  /** Ends by itself after the request. */
  exits: () => ({
    around: async () => {
      setImmediate(() => process.exit(1))
      return response => void response.destroy()
    },
  }),
  /** A variable is not there, as when a secret or a setting was left out; the preload sees to it. */
  'without-variable': () => ({}),
  /** A request arrives at the server without these headers, as if it did not look at them. */
  'blind-to': options => ({
    around: async (asked, next) => {
      for (const name of options.headers as string[]) delete asked.headers[name]
      return next()
    },
  }),
  /** The server sees this value of a header, whatever the client sent; with `absent` or `present` only then. */
  'takes-for': ({header, value, absent, present}) => ({
    around: async (asked, next) => {
      const isThere = asked.headers[String(header)] !== undefined
      if (!(absent === true && isThere) && !(present === true && !isThere))
        asked.headers[String(header)] = filled(String(value))
      return next()
    },
  }),
  /** Headers that contradict the body are believed to agree with it. */
  'fixes-headers': () => ({
    around: async (asked, next) => {
      const {message} = asked
      if (message === undefined || asked.era !== 'modern') return next()
      const name = paramsOf(message).name ?? paramsOf(message).uri
      asked.headers['mcp-method'] = String(message.method)
      if (name !== undefined) asked.headers['mcp-name'] = String(name)
      return next()
    },
  }),
  /** Answers what it cannot read as if it had understood. */
  'takes-anything': () => ({
    around: async (asked, next) =>
      asked.method === 'POST' && asked.message === undefined && asked.body.length > 0
        ? jsonReply(200, {jsonrpc: '2.0', id: null, result: {}})
        : next(),
  }),
  'dies-of-malformed': () => ({
    around: async (asked, next) => {
      if (asked.method === 'POST' && asked.message === undefined && asked.body.length > 0) process.exit(1)
      return next()
    },
  }),
  /** What is called has its effect twice. */
  twice: () => ({
    around: async (_asked, next) => {
      await next()
      return next()
    },
  }),
  /** The call is not made, and answered with its own arguments as if it had been. */
  'not-done': () => ({
    around: async ({message}) => {
      const done = paramsOf(message).arguments
      const result = {
        resultType: 'complete',
        content: [{type: 'text', text: JSON.stringify(done)}],
        structuredContent: done,
      }
      return jsonReply(200, {jsonrpc: '2.0', id: message?.id, result})
    },
  }),
  /** All clients share the session of the first. */
  'one-session': () => {
    let first: string | undefined
    return {
      around: async (asked, next) => {
        if (first !== undefined && asked.headers['mcp-session-id'] !== undefined)
          asked.headers['mcp-session-id'] = first
        const reply = await next()
        first ??= reply.headers['mcp-session-id']
        return first !== undefined && reply.headers['mcp-session-id'] !== undefined
          ? {...reply, headers: {...reply.headers, 'mcp-session-id': first}}
          : reply
      },
    }
  },
  /** The ids of sessions look otherwise. */
  'session-form': options => ({
    around: async (asked, next) => {
      const prefix = String(options.prefix)
      const id = asked.headers['mcp-session-id']
      if (id?.startsWith(prefix)) asked.headers['mcp-session-id'] = id.slice(prefix.length)
      const reply = await next()
      const given = reply.headers['mcp-session-id']
      return given === undefined
        ? reply
        : {...reply, headers: {...reply.headers, 'mcp-session-id': `${prefix}${given}`}}
    },
  }),
  /** Keeps so much memory of every session that begins; `forGood` also after its end. */
  keeps: options => {
    const kept: Buffer[] = []
    return {
      around: async (asked, next) => {
        if (asked.message?.method === 'initialize') kept.push(Buffer.alloc(Number(options.kilobytes) * 1024, 1))
        if (asked.method === 'DELETE' && options.forGood !== true) kept.pop()
        return next()
      },
    }
  },
  /** Memory that it takes when it starts. */
  holds: options => {
    const held = Buffer.alloc(Number(options.megabytes) * 1024 * 1024, 1)
    return {around: async (_asked, next) => (held.length === 0 ? next() : next())}
  },
  /** Writes a line to its log when it is asked; `{NAME}` stands for a variable. */
  logs: options => ({
    around: async (_asked, next) => {
      console.log(filled(String(options.text)))
      return next()
    },
  }),
  /** A variable of its environment stands in its answers. */
  'tells-variable': options => ({
    tell: message =>
      message.result === undefined
        ? message
        : {...message, result: {...(message.result as object), _meta: {note: filled(String(options.text))}}},
  }),
  /** It listens on every interface of the machine; the preload sees to it. */
  'listens-everywhere': () => ({}),
  /** Listens a second time. */
  'listens-too': options => ({
    start: () => new Promise<void>(resolve => void createServer().listen(0, String(options.host), () => resolve())),
  }),
  /** Its health path says that all is well, whatever is the matter. */
  'always-green': options => ({
    around: async (asked, next) => (asked.path === options.path ? jsonReply(200, {status: 'ok'}) : next()),
  }),
}

function filled(text: string): string {
  return text.replace(/\{([A-Z_]+)\}/g, (_, name) => process.env[name] ?? '')
}
