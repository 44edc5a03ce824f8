// What the description of an instance is when it is read back.

import {settingsShape} from '../records/recordShapes.ts'
import {digest, line, portNumber, runName, serverName} from '../saved/parts.ts'
import {z} from '../saved/zod.ts'

const words = z.array(z.string())
const variables = z.record(z.string(), z.string())
const url = z.string().refine(text => URL.canParse(text), 'should be a URL')
const path = z.string().refine(text => text.startsWith('/') && !text.includes('\0'), 'should be an absolute path')

const server = z.looseObject({
  name: serverName,
  copy: runName,
  folder: path,
  state: path,
  port: portNumber,
  url,
  endpoint: url,
  through: url,
  argv: words,
  environment: variables,
  declared: z.looseObject({argv: words, environment: variables}).optional(),
  secrets: words,
  settings: settingsShape,
})

const ingress = z.looseObject({
  folder: path,
  host: line,
  port: portNumber,
  url,
  argv: words,
  secrets: words,
  streamCommentSeconds: z.number().min(0).optional(),
  hosts: words,
  origins: words,
  tls: z.looseObject({certificate: path, key: path, authority: path.optional(), minimumDays: z.number()}).optional(),
})

export const instanceShape = z.looseObject({
  name: z.string().regex(/^(live|rehearsal-[\w.-]+)$/, 'should be live, or a rehearsal'),
  folder: path,
  fleet: line,
  environment: line,
  release: digest,
  releaseFolder: path,
  ingress,
  batches: z.array(words),
  servers: z.array(server),
})
