// What a declared tool call must answer: its kind of outcome, text, JSON Schema, values by JSONPath, latency and cost.
import {z} from '../saved/zod.ts'

export const jsonPath = z.string().regex(/^\$/, 'should be a JSONPath, which begins with $')

const matcher = z.strictObject({
  equals: z.unknown().optional(),
  matches: z.string().optional().describe('A regular expression on the value as text.'),
  contains: z.unknown().optional().describe('A part of a text, or an element of a list.'),
  atLeast: z.number().optional(),
  atMost: z.number().optional(),
  exists: z.boolean().optional(),
  count: z.int().min(0).optional().describe('How many values the path selects.'),
})

export const expectation = z.strictObject({
  outcome: z.enum(['result', 'tool-error', 'rpc-error']).default('result'),
  text: z.string().min(1).optional().describe('Stands in the text content of the result.'),
  schema: z.record(z.string(), z.unknown()).optional().describe('JSON Schema 2020-12 of structuredContent.'),
  match: z
    .record(jsonPath, matcher)
    .default({})
    .describe('JSONPath (RFC 9535) in the result of tools/call to what must stand there.'),
  latencyMs: z.number().positive().optional(),
  cost: z.strictObject({path: jsonPath, atMost: z.number().min(0)}).optional(),
})

export type Expectation = z.infer<typeof expectation>
export type Matcher = z.infer<typeof matcher>
