// Changes that break nobody and are no fault: whoever raises an alarm over one of them is wrong.
import type {Harmless} from '../mutant.ts'

const schema = {type: 'object', properties: {a: {type: 'string'}}}
const extra = {name: 'extra', description: 'One more.', inputSchema: schema}
const harmless = (
  name: string,
  what: string,
  mutant: Pick<Harmless, 'subject' | 'change'> & Partial<Harmless>,
): Harmless => ({
  kind: 'harmless',
  name,
  what,
  row: 'X15',
  ...mutant,
})

export const harmlessChanges: readonly Harmless[] = [
  harmless('nothing-changed', 'The same server again', {subject: 'fixture', change: {recorded: true}}),
  harmless('nothing-changed-bridged', 'The same server behind a bridge again', {
    subject: 'memory',
    change: {recorded: true},
  }),
  harmless('nothing-changed-everything', 'The reference server again', {
    subject: 'everything',
    change: {recorded: true},
  }),
  harmless('nothing-changed-llm-bridge', 'Our own bridge again', {subject: 'llm-bridge', change: {recorded: true}}),
  harmless('tool-added', 'A new tool', {
    subject: 'fixture',
    change: {traffic: [{kind: 'add', item: extra, as: 'echo'}]},
  }),
  harmless('tool-added-in-front', 'A new tool at the beginning of the list', {
    subject: 'llm-bridge',
    change: {traffic: [{kind: 'add-first', item: {...extra, inputSchema: {type: 'object'}}, as: 'llm_models'}]},
  }),
  harmless('order-changed-for-all', 'Another order of the tools, the same for all clients', {
    subject: 'fixture',
    change: {traffic: [{kind: 'reverse'}]},
  }),
  harmless('optional-input-added', 'A tool has a new optional argument', {
    subject: 'files',
    change: {
      traffic: [
        {kind: 'patch', name: 'list_directory', pointer: '/inputSchema/properties/depth', value: {type: 'integer'}},
      ],
    },
  }),
  harmless('input-widened', 'A required argument became optional', {
    subject: 'everything',
    change: {traffic: [{kind: 'patch', name: 'get-sum', pointer: '/inputSchema/required/1'}]},
  }),
  harmless('input-closed', 'Undeclared arguments are rejected', {
    subject: 'fixture',
    change: {traffic: [{kind: 'patch', name: 'add', pointer: '/inputSchema/additionalProperties', value: false}]},
  }),
  harmless('input-rewritten', 'An equivalent schema with $defs and $ref', {
    subject: 'fixture',
    change: {
      traffic: [
        {
          kind: 'patch',
          name: 'add',
          pointer: '/inputSchema',
          value: {
            $schema: 'https://json-schema.org/draft/2020-12/schema',
            type: 'object',
            $defs: {number: {type: 'number'}},
            properties: {a: {$ref: '#/$defs/number'}, b: {$ref: '#/$defs/number'}},
            required: ['a', 'b'],
          },
        },
      ],
    },
  }),
  harmless('output-added', 'A result has an additional member', {
    subject: 'fixture',
    change: {
      traffic: [
        {kind: 'patch', name: 'echo', pointer: '/outputSchema/properties/length', value: {type: 'integer'}},
        {kind: 'result', pointer: '/structuredContent/length', value: 4, when: {tool: 'echo'}},
      ],
    },
  }),
  harmless('output-narrowed', 'A result schema is stricter, and results match it', {
    subject: 'fixture',
    change: {
      traffic: [{kind: 'patch', name: 'echo', pointer: '/outputSchema/properties/message/maxLength', value: 100_000}],
    },
  }),
  harmless('description-fixed', 'A typo in a description is fixed', {
    subject: 'files',
    change: {
      traffic: [
        {kind: 'patch', name: 'list_directory', pointer: '/description', value: 'Lists what is in a directory.'},
      ],
    },
  }),
  harmless('description-compares', 'A description recommends another tool of the same server for some cases', {
    subject: 'files',
    change: {
      traffic: [
        {
          kind: 'patch',
          name: 'read_file',
          pointer: '/description',
          value: 'Deprecated: use read_text_file instead. Never reads files outside of the allowed folders.',
        },
      ],
    },
  }),
  harmless('instructions-longer', "The server's instructions are longer", {
    subject: 'everything',
    change: {
      traffic: [
        {
          kind: 'result',
          pointer: '/instructions',
          value: 'A server that shows every feature. Call echo to see whether it is there. Sums are exact.',
          when: {method: 'initialize'},
        },
      ],
    },
  }),
  harmless('title-added', 'A tool has a title', {
    subject: 'fixture',
    change: {traffic: [{kind: 'patch', name: 'add', pointer: '/title', value: 'Add'}]},
  }),
  harmless('annotations-written-out', 'Default annotations are declared explicitly', {
    subject: 'fixture',
    change: {
      traffic: [
        {kind: 'patch', name: 'add', pointer: '/annotations/openWorldHint', value: true},
        {kind: 'patch', name: 'add', pointer: '/annotations/idempotentHint', value: false},
      ],
    },
  }),
  harmless('tool-meta-added', 'A tool has vendor data in _meta', {
    subject: 'fixture',
    change: {traffic: [{kind: 'patch', name: 'add', pointer: '/_meta', value: {'example.org/team': 'maths'}}]},
  }),
  harmless('resource-added', 'A new resource', {
    subject: 'everything',
    change: {
      traffic: [
        {kind: 'add', list: 'resources/list', item: {name: 'new.md', uri: 'demo://resource/static/document/new.md'}},
      ],
    },
  }),
  harmless('prompt-added', 'A new prompt', {
    subject: 'everything',
    change: {traffic: [{kind: 'add', list: 'prompts/list', item: {name: 'new-prompt', description: 'A new one.'}}]},
  }),
  harmless('ttl-shorter', 'Lists have a shorter ttlMs', {
    subject: 'fixture',
    change: {traffic: [{kind: 'result', pointer: '/ttlMs', value: 1000, when: {method: 'tools/list', era: 'modern'}}]},
  }),
  harmless('era-gained', 'A server of the older protocol version also supports the newer one', {
    subject: 'legacy',
    change: {server: {env: {ERA: 'both'}}},
  }),
  harmless('version-raised', 'The server reports a later version', {
    subject: 'fixture',
    change: {server: {env: {VERSION: '1.1.0'}}},
  }),
  harmless('slower', 'Everything takes 60 ms longer', {
    subject: 'fixture',
    change: {traffic: [{kind: 'delay', ms: 60}]},
  }),
  harmless('slower-start', 'The start takes one second longer', {
    subject: 'fixture',
    change: {traffic: [{kind: 'slow-start', ms: 1000}]},
  }),
  harmless('result-larger', 'A result is 200 KB larger', {
    subject: 'fixture',
    change: {traffic: [{kind: 'enlarge', bytes: 200_000, when: {tool: 'echo'}}]},
  }),
  harmless('header-added', 'Responses have an additional header, such as a request counter', {
    subject: 'llm-bridge',
    change: {traffic: [{kind: 'header', name: 'x-ratelimit-remaining', value: '4711'}]},
  }),
  harmless('stream-comments', 'Streams have comments and an event without data', {
    subject: 'everything',
    change: {traffic: [{kind: 'sse-comments', when: {http: 'POST'}}]},
  }),
  harmless('json-for-stream', 'Responses are JSON instead of a stream', {
    subject: 'everything',
    change: {traffic: [{kind: 'as-json', when: {http: 'POST'}}]},
  }),
  harmless('stream-for-json', 'Responses are a stream instead of JSON', {
    subject: 'memory',
    change: {traffic: [{kind: 'as-sse', when: {http: 'POST', era: 'modern'}}]},
  }),
  harmless('json-pretty', 'The JSON of responses has spaces and another order of keys', {
    subject: 'llm-bridge',
    change: {traffic: [{kind: 'pretty', when: {http: 'POST'}}]},
  }),
  harmless('session-ids-differ', 'Session ids have another format', {
    subject: 'legacy',
    change: {traffic: [{kind: 'session-form', prefix: 'mcp:v2/'}]},
  }),
  harmless('error-words', 'Error messages have other wording', {
    subject: 'fixture',
    change: {traffic: [{kind: 'text', from: 'unknown tool', to: 'There is no tool called'}]},
  }),
  harmless('more-memory', 'The server uses 40 MB more, within its limit', {
    subject: 'fixture',
    change: {traffic: [{kind: 'holds', megabytes: 40}]},
  }),
  harmless('more-in-log', 'The server logs more', {
    subject: 'fixture',
    change: {traffic: [{kind: 'logs', text: 'GET /mcp 200 in 3 ms by client 7f3a9c'}]},
  }),
  harmless('client-changed', 'Only the client timeout changes', {
    subject: 'fixture',
    change: {server: {client: {timeoutMs: 7000}}},
  }),
  harmless('sessions-small', 'An abandoned session costs 2 KiB, within the limit', {
    subject: 'legacy',
    change: {server: {limits: {leakSeconds: 20}}, traffic: [{kind: 'keeps', kilobytes: 2}]},
    slow: ['leak'],
  }),
  harmless('signal-true', 'The health signal is a probe that calls the server', {
    subject: 'fixture',
    change: {},
    slow: ['truth'],
  }),
  harmless('replaced-by-the-same', 'The live release is replaced by the same release', {
    subject: 'memory',
    change: {traffic: [{kind: 'header', name: 'x-copy', value: 'new'}]},
    underWitness: true,
  }),
]
