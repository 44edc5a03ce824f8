// Changes beside what MCPJam's rules say of them (its sdk/src/server-diff.ts), what ours say, and what is true.

export type Ours = 'breaking' | 'compatible' | 'unknown'
export type Theirs = 'breaking' | 'non_breaking' | 'informational' | 'unseen'

export interface Case {
  what: string
  /** Members of one tool, before and after. */
  before: object
  after: object
  theirs: Theirs
  ours: Ours
  /** Whether a client that keeps to the old contract can break. */
  truth: 'breaks' | 'holds' | 'depends'
}

const input = (inputSchema: object) => ({inputSchema})
const output = (outputSchema: object) => ({outputSchema})
const a = (schema: object, more: object = {}) => ({type: 'object', properties: {a: schema}, ...more})
const none = {type: 'object', properties: {}}
const short = a({enum: ['x']})
const long = a({enum: ['x', 'y']})

export const mcpjamCases: readonly Case[] = [
  // Both right.
  {
    what: 'input: type changed',
    before: input(a({type: 'string'})),
    after: input(a({type: 'number'})),
    theirs: 'breaking',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: enum narrowed',
    before: input(long),
    after: input(short),
    theirs: 'breaking',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: enum widened',
    before: input(short),
    after: input(long),
    theirs: 'non_breaking',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'input: argument became required',
    before: input(a({})),
    after: input(a({}, {required: ['a']})),
    theirs: 'breaking',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: optional argument added',
    before: input(none),
    after: input(a({})),
    theirs: 'non_breaking',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'output: type changed',
    before: output(a({type: 'string'})),
    after: output(a({type: 'number'})),
    theirs: 'breaking',
    ours: 'breaking',
    truth: 'breaks',
  },
  // Theirs wrong: one rule for both directions.
  {
    what: 'input: integer became number',
    before: input(a({type: 'integer'})),
    after: input(a({type: 'number'})),
    theirs: 'breaking',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'output: number became integer',
    before: output(a({type: 'number'})),
    after: output(a({type: 'integer'})),
    theirs: 'breaking',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'output: enum widened',
    before: output(short),
    after: output(long),
    theirs: 'non_breaking',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'output: enum narrowed',
    before: output(long),
    after: output(short),
    theirs: 'breaking',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'output: required member added',
    before: output(none),
    after: output(a({}, {required: ['a']})),
    theirs: 'breaking',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'output: member required no more',
    before: output(a({}, {required: ['a']})),
    after: output(a({})),
    theirs: 'non_breaking',
    ours: 'breaking',
    truth: 'breaks',
  },
  // Theirs wrong: what is not looked at.
  {
    what: 'input: maximum lowered',
    before: input(a({maximum: 9})),
    after: input(a({maximum: 5})),
    theirs: 'informational',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: items tightened',
    before: input(a({items: {type: 'number'}})),
    after: input(a({items: {type: 'integer'}})),
    theirs: 'informational',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: type became a list with null',
    before: input(a({type: 'string'})),
    after: input(a({type: ['string', 'null']})),
    theirs: 'informational',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'input: definition tightened',
    before: input(a({$ref: '#/$defs/d'}, {$defs: {d: {type: 'number'}}})),
    after: input(a({$ref: '#/$defs/d'}, {$defs: {d: {type: 'integer'}}})),
    theirs: 'informational',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: branch of anyOf dropped',
    before: input(a({anyOf: [{type: 'string'}, {type: 'number'}]})),
    after: input(a({anyOf: [{type: 'string'}]})),
    theirs: 'informational',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: open object closed',
    before: input(a({}, {additionalProperties: true})),
    after: input(a({}, {additionalProperties: false})),
    theirs: 'informational',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'input: keys in another order',
    before: input({type: 'object', properties: {}}),
    after: input({properties: {}, type: 'object'}),
    theirs: 'informational',
    ours: 'compatible',
    truth: 'holds',
  },
  {
    what: 'x-mcp-header added',
    before: input(a({type: 'string'})),
    after: input(a({type: 'string', 'x-mcp-header': 'A'})),
    theirs: 'informational',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'outputSchema removed',
    before: output(a({})),
    after: {},
    theirs: 'informational',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'readOnlyHint flipped',
    before: {annotations: {readOnlyHint: true}},
    after: {annotations: {readOnlyHint: false}},
    theirs: 'unseen',
    ours: 'breaking',
    truth: 'breaks',
  },
  {
    what: 'taskSupport became required',
    before: {execution: {taskSupport: 'optional'}},
    after: {execution: {taskSupport: 'required'}},
    theirs: 'unseen',
    ours: 'breaking',
    truth: 'breaks',
  },
  // Ours wrong, or less sure.
  {
    what: 'input: undeclared argument of an open object gets a type',
    before: input({...none, description: 'also takes a, a number'}),
    after: input({...a({type: 'string'}), description: 'also takes a, a number'}),
    theirs: 'non_breaking',
    ours: 'compatible',
    truth: 'depends',
  },
  {
    what: 'input: pattern widened',
    before: input(a({type: 'string', pattern: '^[ab]$'})),
    after: input(a({type: 'string', pattern: '^[abc]$'})),
    theirs: 'informational',
    ours: 'unknown',
    truth: 'holds',
  },
  {
    what: 'input: format added, which the server does not enforce',
    before: input(a({type: 'string'})),
    after: input(a({type: 'string', format: 'email'})),
    theirs: 'informational',
    ours: 'unknown',
    truth: 'depends',
  },
  {
    what: 'input: argument removed, which the server ignored anyway',
    before: input(a({})),
    after: input(none),
    theirs: 'breaking',
    ours: 'breaking',
    truth: 'depends',
  },
  {
    what: 'output: optional member removed, which a client relied on',
    before: output(a({})),
    after: output(none),
    theirs: 'breaking',
    ours: 'compatible',
    truth: 'depends',
  },
  {
    what: 'destructiveHint became false, because the tool is harmless now',
    before: {annotations: {destructiveHint: true}},
    after: {annotations: {destructiveHint: false}},
    theirs: 'unseen',
    ours: 'breaking',
    truth: 'depends',
  },
  {
    what: 'description now says that the tool deletes',
    before: {description: 'Lists files'},
    after: {description: 'Lists files, then deletes them'},
    theirs: 'informational',
    ours: 'compatible',
    truth: 'depends',
  },
]
